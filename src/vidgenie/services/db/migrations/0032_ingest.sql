-- Sources of the Shotstack-compatible door: files that are fetched, or sent, to become assets.

CREATE TABLE ingest_sources (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    input text,  -- where it is fetched from; null for one that is sent
    status text NOT NULL DEFAULT 'queued' CHECK (
        status IN ('queued', 'importing', 'ready', 'failed', 'deleted')
    ),
    asset_id text REFERENCES assets (id) ON DELETE SET NULL,
    error text,
    width int,
    height int,
    duration real,
    fps real,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX ingest_sources_by_account ON ingest_sources (account_id, id DESC);
CREATE INDEX ingest_sources_by_asset ON ingest_sources (asset_id);
