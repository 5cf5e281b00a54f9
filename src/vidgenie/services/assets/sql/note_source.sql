-- Note what an address holds now. Index: sources primary key.
INSERT INTO sources (account_id, url_sha256, url, sha256, size, etag)
VALUES (%(account_id)s, %(url_sha256)s, %(url)s, %(sha256)s, %(size)s, %(etag)s)
ON CONFLICT (account_id, url_sha256) DO UPDATE
SET sha256 = excluded.sha256, size = excluded.size, etag = excluded.etag, fetched_at = now()
