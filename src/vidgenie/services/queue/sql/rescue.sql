-- Jobs whose workers are gone: back to wait, or given up after the last attempt. Relies on: jobs_leases.
WITH lost AS (
    SELECT id FROM jobs
    WHERE status = 'running' AND lease_until < now()
    ORDER BY lease_until
    LIMIT 100
    FOR UPDATE SKIP LOCKED
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
