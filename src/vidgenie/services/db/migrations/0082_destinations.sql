-- Destinations: where accounts want copies of their files. `place` is shown, `secrets` is encrypted.

CREATE TABLE destinations (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    provider text NOT NULL CHECK (provider IN ('s3', 'http')),
    place jsonb NOT NULL,
    secrets bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX destinations_by_account ON destinations (account_id, id DESC);

-- Files that are only kept until their copies had time to be made (`exclude`).
ALTER TABLE renders ADD COLUMN files_until timestamptz;
CREATE INDEX renders_by_files_until ON renders (files_until) WHERE files_until IS NOT NULL;
