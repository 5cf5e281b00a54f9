-- The processes of an instance: which workers live, and what all hosts must have in common.

CREATE TABLE workers (
    name text PRIMARY KEY,
    version text NOT NULL,
    slots int NOT NULL,
    protections text[] NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE instance (
    is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row),
    secret_key_mark bytea NOT NULL
);
