-- A slice of the renders that ended long ago. Relies on: renders_by_end.
SELECT id FROM renders
WHERE finished_at < now() - make_interval(secs => %(ttl_s)s)
ORDER BY finished_at
LIMIT %(limit)s
