-- Templates: edits with fields, kept in versions that never change; renders remember theirs.

CREATE TABLE templates (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX templates_by_account ON templates (account_id, id DESC);

CREATE TABLE template_versions (
    template_id text NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    version int NOT NULL,
    document jsonb NOT NULL,
    fields jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (template_id, version)
);

-- No reference: a render outlives its template.
ALTER TABLE renders ADD COLUMN template_id text, ADD COLUMN template_version int;
