-- The queue: jobs that wait or run, and a short memory of those that ended.

CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    queue text NOT NULL,
    account_id text NOT NULL DEFAULT '',
    group_id text,
    parent_id bigint,
    pending int NOT NULL DEFAULT 0,
    priority smallint NOT NULL DEFAULT 0,
    status text NOT NULL CHECK (status IN ('blocked', 'ready', 'running')),
    payload jsonb NOT NULL,
    run_at timestamptz NOT NULL DEFAULT now(),
    attempt int NOT NULL DEFAULT 0,
    attempts_max int NOT NULL,
    token uuid,
    lease_until timestamptz,
    worker text,
    cancel_requested boolean NOT NULL DEFAULT false,
    last_error jsonb,
    unique_key text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'running') = (token IS NOT NULL))
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_threshold = 200,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_analyze_threshold = 500
);

CREATE INDEX jobs_ready ON jobs (queue, account_id, priority DESC, id) WHERE status = 'ready';
CREATE INDEX jobs_running ON jobs (queue, account_id) WHERE status = 'running';
CREATE INDEX jobs_leases ON jobs (lease_until) WHERE status = 'running';
CREATE INDEX jobs_by_group ON jobs (group_id) WHERE group_id IS NOT NULL;
CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key) WHERE unique_key IS NOT NULL;

CREATE TABLE jobs_finished (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    queue text NOT NULL,
    account_id text NOT NULL,
    group_id text,
    status text NOT NULL CHECK (status IN ('done', 'failed', 'cancelled')),
    attempt int NOT NULL,
    error jsonb,
    created_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX jobs_finished_by_time ON jobs_finished (finished_at);
CREATE INDEX jobs_finished_by_group ON jobs_finished (group_id) WHERE group_id IS NOT NULL;
