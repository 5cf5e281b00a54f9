-- Whether more jobs of an account run than may; asked with the account's lock held, by whoever has just
-- claimed one. Relies on: queue_limits' primary key, jobs_running.
SELECT (SELECT count(*) FROM jobs
    WHERE status = 'running' AND queue = %(queue)s AND account_id = %(account_id)s)
    > l.running_max AS is_over
FROM queue_limits l WHERE l.queue = %(queue)s AND l.account_id = %(account_id)s
