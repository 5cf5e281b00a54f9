-- How long until the next call is allowed, in seconds. Relies on: the primary key.
SELECT extract(epoch FROM arrival_at - now())::float - %(every_s)s * (%(burst)s - 1) AS wait_s
FROM rate_limits WHERE key = %(key)s
