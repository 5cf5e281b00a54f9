-- Whether more jobs of an account run than may; asked with the account's lock held, by whoever has just
-- claimed one. Relies on: jobs_running.
SELECT count(*) > %(running_max)s AS is_over FROM jobs
WHERE status = 'running' AND queue = %(queue)s AND account_id = %(account_id)s
