-- What an address held the last time. Index: sources primary key.
SELECT sha256, size, etag, fetched_at > now() - make_interval(secs => %(fresh_s)s) AS is_fresh
FROM sources
WHERE account_id = %(account_id)s AND url_sha256 = %(url_sha256)s
