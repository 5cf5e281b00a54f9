-- Batches: many renders of one template; `pending` counts down in the transactions that end them.

CREATE TABLE batches (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    template_id text NOT NULL,
    template_version int NOT NULL,
    total int NOT NULL,
    accepted int NOT NULL,
    pending int NOT NULL,
    errors jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);

CREATE INDEX batches_by_account ON batches (account_id, id DESC);

ALTER TABLE renders ADD COLUMN batch_id text, ADD COLUMN batch_index int;
CREATE INDEX renders_by_batch ON renders (batch_id, id DESC) WHERE batch_id IS NOT NULL;
