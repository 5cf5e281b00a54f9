-- The same, held until the transaction ends: calls of one account that count against it take turns.
-- Relies on: primary key.
SELECT concurrent_jobs, queued_renders, output_minutes, storage_bytes
FROM quotas WHERE account_id = %(account_id)s
FOR UPDATE
