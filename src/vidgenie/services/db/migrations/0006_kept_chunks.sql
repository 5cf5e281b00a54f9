-- Chunks kept for other renders of the same account: what lies under `chunks/` in the storage.

CREATE TABLE kept_chunks (
    key text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);

CREATE INDEX kept_chunks_by_use ON kept_chunks (used_at);

ALTER TABLE renders ADD COLUMN cache jsonb;
