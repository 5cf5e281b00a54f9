-- The least recently used chunks go until the rest fits. Those used lately stay: a render that still
-- runs may be about to join them. Relies on: kept_chunks_by_use.
DELETE FROM kept_chunks WHERE key IN (
    SELECT key FROM (
        SELECT key, used_at, sum(size) OVER (ORDER BY used_at DESC, key) AS upto FROM kept_chunks
    ) ranked
    WHERE upto > %(size_max)s AND used_at < now() - %(spared_s)s * interval '1 second'
)
RETURNING key
