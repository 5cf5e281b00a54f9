-- Webhooks: endpoints, the events they are told, and every attempt to tell them.

CREATE TABLE webhooks (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    url text NOT NULL,
    events text[] NOT NULL,
    secret bytea NOT NULL,
    is_enabled boolean NOT NULL DEFAULT true,
    failing_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX webhooks_by_account ON webhooks (account_id, id DESC);

CREATE TABLE events (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    type text NOT NULL,
    data json NOT NULL,  -- not jsonb: told in the order in which it was written
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX events_by_account ON events (account_id, id DESC);

-- One row per attempt; `webhook_id` is null where the event went to a render's `callback`.
CREATE TABLE deliveries (
    id text PRIMARY KEY,
    event_id text NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    webhook_id text REFERENCES webhooks (id) ON DELETE CASCADE,
    url text NOT NULL,
    attempt int NOT NULL,
    status int,
    ms int NOT NULL,
    answer bytea NOT NULL DEFAULT '',
    error text,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX deliveries_by_event ON deliveries (event_id, id);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id DESC);
