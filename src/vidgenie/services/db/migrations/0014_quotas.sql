-- What an account may use, and what it has used. Without a number nothing is limited.

CREATE TABLE quotas (
    account_id text PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    concurrent_jobs int,
    queued_renders int,
    output_minutes int,
    storage_bytes bigint
);

-- One row per render that ended, never changed: a sum that many transactions write would make them
-- wait for each other.
CREATE TABLE used (
    render_id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status text NOT NULL,
    output_s double precision NOT NULL,
    output_bytes bigint NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX used_by_account ON used (account_id, ended_at);

INSERT INTO used (render_id, account_id, status, output_s, output_bytes, ended_at)
SELECT id, account_id, status, coalesce((output->>'duration')::double precision, 0),
    coalesce((output->>'size')::bigint, 0), finished_at
FROM renders WHERE finished_at IS NOT NULL;

CREATE INDEX renders_unended ON renders (account_id)
    WHERE status NOT IN ('done', 'failed', 'cancelled');

-- How many jobs of an account may run at a time in a queue; written with its quota.
CREATE TABLE queue_limits (
    queue text NOT NULL,
    account_id text NOT NULL,
    running_max int NOT NULL,
    PRIMARY KEY (queue, account_id)
);
