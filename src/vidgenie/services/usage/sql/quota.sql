-- What an account may use: what was set for it, else what everybody may. Relies on: primary keys.
SELECT concurrent_jobs, queued_renders, output_minutes, storage_bytes
FROM quotas WHERE account_id = %(account_id)s
UNION ALL
SELECT concurrent_jobs, queued_renders, output_minutes, storage_bytes
FROM default_quotas
WHERE NOT EXISTS (SELECT FROM quotas WHERE account_id = %(account_id)s)
