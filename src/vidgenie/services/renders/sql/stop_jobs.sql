-- What runs of a deleted account's jobs is asked to stop. Relies on: jobs_running.
UPDATE jobs SET cancel_requested = true
WHERE account_id = %(account_id)s AND status = 'running' AND NOT cancel_requested
