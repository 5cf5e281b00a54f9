-- What waits of a batch is called off in one step. Jobs that a worker is just claiming are left to
-- the step after this one; a job is never waited for. Relies on: renders_by_batch, jobs_by_group.
WITH waiting AS MATERIALIZED (
    SELECT j.id, j.group_id
    FROM renders r
    JOIN jobs j ON j.group_id = r.id
    WHERE r.batch_id = %(batch_id)s AND r.status = 'queued' AND j.status = 'ready'
    FOR UPDATE OF j SKIP LOCKED
),
gone AS (
    DELETE FROM jobs USING waiting WHERE jobs.id = waiting.id RETURNING jobs.*
),
remembered AS (
    INSERT INTO jobs_finished (id, kind, queue, account_id, group_id, status, attempt, created_at)
    SELECT id, kind, queue, account_id, group_id, 'cancelled', attempt, created_at FROM gone
)
UPDATE renders SET status = 'cancelled', finished_at = now()
FROM gone
WHERE renders.id = gone.group_id AND renders.status = 'queued'
RETURNING renders.*, 0::real AS progress
