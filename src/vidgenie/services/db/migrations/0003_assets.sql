-- Assets: files that accounts uploaded, and what was fetched from which address.

CREATE TABLE assets (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    sha256 text NOT NULL,
    key text NOT NULL,
    filename text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('video', 'audio', 'image', 'font')),
    container text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, sha256)
);

CREATE INDEX assets_by_account ON assets (account_id, id DESC);

-- Per account, so that nobody learns from the speed of a render what others use.
CREATE TABLE sources (
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    url_sha256 text NOT NULL,
    url text NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    etag text,
    fetched_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, url_sha256)
);
