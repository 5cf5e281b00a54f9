-- Jobs whose workers are gone: back to wait, or given up after the last attempt. A group that somebody
-- is just ending is left to the next round: whoever waits here could be waited for. Relies on:
-- jobs_leases.
WITH due AS MATERIALIZED (
    SELECT id, group_id FROM jobs
    WHERE status = 'running' AND lease_until < now()
    ORDER BY lease_until
    LIMIT 100
),
held AS MATERIALIZED (
    SELECT id FROM due
    WHERE group_id IS NULL OR pg_try_advisory_xact_lock(hashtextextended(group_id, 0))
),
lost AS MATERIALIZED (
    SELECT jobs.id FROM jobs JOIN held ON held.id = jobs.id
    WHERE jobs.status = 'running' AND jobs.lease_until < now()
    FOR UPDATE OF jobs SKIP LOCKED
),
back AS (
    UPDATE jobs SET status = 'ready', token = NULL, lease_until = NULL, worker = NULL, run_at = now()
    FROM lost
    WHERE jobs.id = lost.id AND jobs.attempt < jobs.attempts_max AND NOT jobs.cancel_requested
    RETURNING jobs.*
),
gone AS (
    DELETE FROM jobs USING lost
    WHERE jobs.id = lost.id AND (jobs.attempt >= jobs.attempts_max OR jobs.cancel_requested)
    RETURNING jobs.*
),
remembered AS (
    INSERT INTO jobs_finished (id, kind, queue, account_id, group_id, status, attempt, error, created_at)
    SELECT id, kind, queue, account_id, group_id,
        CASE WHEN cancel_requested THEN 'cancelled' ELSE 'failed' END, attempt,
        '{"code": "worker_lost"}', created_at
    FROM gone
)
SELECT back.*, false AS is_given_up FROM back
UNION ALL
SELECT gone.*, true AS is_given_up FROM gone
