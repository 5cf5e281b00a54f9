-- Accounts, what proves who they are, what they did, and letters to them.

CREATE TABLE accounts (
    id text PRIMARY KEY,
    username text NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'active', 'disabled')),
    callback_secret bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    verified_at timestamptz
);

CREATE UNIQUE INDEX accounts_username ON accounts (lower(username));
-- Only a proved address belongs to one account: whoever types somebody else's first must neither
-- keep its owner out nor become them.
CREATE UNIQUE INDEX accounts_email ON accounts (lower(email)) WHERE status <> 'pending';
CREATE INDEX accounts_pending_email ON accounts (lower(email)) WHERE status = 'pending';

CREATE TABLE email_tokens (
    token_hash bytea PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('verify_email')),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE INDEX email_tokens_by_account ON email_tokens (account_id);

CREATE TABLE access_tokens (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    address text NOT NULL,
    user_agent text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE INDEX access_tokens_by_account ON access_tokens (account_id);

CREATE TABLE api_keys (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    key_hash bytea NOT NULL UNIQUE,
    last4 text NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);

CREATE INDEX api_keys_by_account ON api_keys (account_id, id DESC);

-- Theoretical arrival times of the generic cell rate algorithm; lost in a crash without harm.
CREATE UNLOGGED TABLE rate_limits (
    key text PRIMARY KEY,
    arrival_at timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE idempotency_keys (
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    call text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    answer jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, call, key)
);

CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

CREATE TABLE audit (
    id text PRIMARY KEY,
    account_id text NOT NULL,
    credential_kind text NOT NULL CHECK (credential_kind IN ('token', 'key')),
    credential_id text NOT NULL,
    action text NOT NULL,
    object_id text,
    address text NOT NULL,
    user_agent text NOT NULL,
    status int NOT NULL,
    code text,
    request_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX audit_by_account ON audit (account_id, id DESC);

CREATE TABLE mail_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    to_address text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    token text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz
);

CREATE INDEX mail_outbox_by_address ON mail_outbox (lower(to_address), id DESC);
