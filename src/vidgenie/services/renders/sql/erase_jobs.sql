-- What waits of a deleted account's jobs goes; what a worker is just claiming is left to the next
-- round. Relies on: nothing; a rare job may read the whole queue.
WITH waiting AS MATERIALIZED (
    SELECT id FROM jobs WHERE account_id = %(account_id)s AND status <> 'running'
    FOR UPDATE SKIP LOCKED
)
DELETE FROM jobs USING waiting WHERE jobs.id = waiting.id
