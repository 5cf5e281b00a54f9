-- The newest sources of an account. Index: ingest_sources (account_id, id DESC).
SELECT s.*, a.key
FROM ingest_sources s
LEFT JOIN assets a ON a.id = s.asset_id
WHERE s.account_id = %(account_id)s AND s.status <> 'deleted'
ORDER BY s.id DESC
LIMIT %(limit)s
