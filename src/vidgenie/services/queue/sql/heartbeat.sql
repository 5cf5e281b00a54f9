-- Renew a lease, if it is still this worker's. Relies on: primary key.
UPDATE jobs SET lease_until = now() + make_interval(secs => %(lease_s)s)
WHERE id = %(id)s AND token = %(token)s AND status = 'running'
RETURNING cancel_requested
