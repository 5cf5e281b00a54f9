-- A job goes back to wait, if it is still this worker's and nobody called it off. Relies on: primary key.
UPDATE jobs
SET status = 'ready', token = NULL, lease_until = NULL, worker = NULL,
    run_at = now() + make_interval(secs => %(delay_s)s), attempt = attempt - %(uncounted)s,
    last_error = coalesce(%(error)s, last_error)
WHERE id = %(id)s AND token = %(token)s AND status = 'running' AND NOT cancel_requested
RETURNING queue
