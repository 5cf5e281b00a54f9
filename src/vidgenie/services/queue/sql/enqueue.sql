-- A job enters, and wakes workers that wait; one with the same unique key that is still waiting or
-- running wins. PostgreSQL sends equal notices of one transaction once. Relies on: jobs_unique.
WITH entered AS (
    INSERT INTO jobs (kind, queue, account_id, group_id, parent_id, pending, priority, status,
        payload, run_at, attempts_max, unique_key, since, lane)
    VALUES (%(kind)s, %(queue)s, %(account_id)s, %(group_id)s, %(parent_id)s, %(pending)s,
        %(priority)s, %(status)s, %(payload)s, now() + make_interval(secs => %(delay_s)s),
        %(attempts_max)s, %(unique_key)s, %(since)s, %(lane)s)
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING
    RETURNING id, queue
)
SELECT id, CASE WHEN %(is_told)s THEN pg_notify('vidgenie_jobs', queue) END FROM entered
