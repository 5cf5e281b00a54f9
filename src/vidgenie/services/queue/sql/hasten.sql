-- A job of this key that waits for a later time is due now. Relies on: jobs_unique.
UPDATE jobs SET run_at = least(run_at, now()) WHERE unique_key = %(unique_key)s AND status = 'ready'
RETURNING queue
