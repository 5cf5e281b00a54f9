-- Renders: one row per accepted edit, its parts (chunks and sound), and its progress.

CREATE TABLE renders (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'queued' CHECK (
        status IN ('queued', 'fetching', 'rendering', 'saving', 'done', 'failed', 'cancelled')
    ),
    document jsonb NOT NULL,
    metadata jsonb,
    priority smallint NOT NULL DEFAULT 0,
    callback text,
    sources jsonb,
    output jsonb,
    warnings jsonb NOT NULL DEFAULT '[]',
    error jsonb,
    timings jsonb NOT NULL DEFAULT '{}',
    attempts int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
);

CREATE INDEX renders_by_account ON renders (account_id, id DESC);

-- Progress stands apart: it changes many times a second, and a narrow row makes that cheap.
CREATE TABLE render_progress (
    render_id text PRIMARY KEY REFERENCES renders (id) ON DELETE CASCADE,
    progress real NOT NULL DEFAULT 0
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE render_parts (
    render_id text NOT NULL REFERENCES renders (id) ON DELETE CASCADE,
    part int NOT NULL,
    frames_total int NOT NULL,
    frames_done int NOT NULL DEFAULT 0,
    key text,
    stats jsonb,
    PRIMARY KEY (render_id, part)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
