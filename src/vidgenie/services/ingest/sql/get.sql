-- One source of an account, with its asset's place. Relies on: primary keys.
SELECT s.*, a.key
FROM ingest_sources s
LEFT JOIN assets a ON a.id = s.asset_id
WHERE s.id = %(id)s AND (%(account_id)s::text IS NULL OR s.account_id = %(account_id)s)
