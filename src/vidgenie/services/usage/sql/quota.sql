-- What an account may use. Relies on: primary key.
SELECT concurrent_jobs, queued_renders, output_minutes, storage_bytes
FROM quotas WHERE account_id = %(account_id)s
