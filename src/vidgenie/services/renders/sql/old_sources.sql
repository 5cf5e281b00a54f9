-- Fetched files that no address has held for long; a source in use is asked for once a day.
-- Relies on: sources_by_time, primary key.
SELECT DISTINCT s.account_id || '/' || s.sha256 AS name
FROM sources s
WHERE s.fetched_at < now() - make_interval(secs => %(source_ttl_s)s)
  AND NOT EXISTS (
    SELECT FROM sources newer
    WHERE newer.account_id = s.account_id AND newer.sha256 = s.sha256
      AND newer.fetched_at >= now() - make_interval(secs => %(source_ttl_s)s)
  )
LIMIT %(limit)s
