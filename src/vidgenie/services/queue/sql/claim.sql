-- Claim one job, fairly: the accounts with waiting jobs are found by a loose index scan, each offers
-- its first few jobs, and whoever has the fewest running goes first. Rows that another worker is just
-- claiming are skipped. Relies on: jobs_ready, jobs_running.
WITH RECURSIVE accounts_waiting AS (
    (
        SELECT account_id FROM jobs
        WHERE status = 'ready' AND queue = %(queue)s
        ORDER BY account_id
        LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT j.account_id FROM jobs j
        WHERE j.status = 'ready' AND j.queue = %(queue)s AND j.account_id > w.account_id
        ORDER BY j.account_id
        LIMIT 1
    )
    FROM accounts_waiting w
    WHERE w.account_id IS NOT NULL
),
offers AS (
    SELECT head.id, head.rank + (
        SELECT count(*) FROM jobs r
        WHERE r.status = 'running' AND r.queue = %(queue)s AND r.account_id = w.account_id
    ) AS turn
    FROM accounts_waiting w
    CROSS JOIN LATERAL (
        SELECT j.id, row_number() OVER (ORDER BY j.priority DESC, j.id) AS rank
        FROM (
            SELECT id, priority FROM jobs
            WHERE status = 'ready' AND queue = %(queue)s AND account_id = w.account_id
              AND run_at <= now()
            ORDER BY priority DESC, id
            LIMIT 8
        ) j
    ) head
    WHERE w.account_id IS NOT NULL
),
picked AS (
    SELECT j.id
    FROM offers o
    JOIN jobs j ON j.id = o.id
    WHERE j.status = 'ready'
    ORDER BY o.turn, o.id
    LIMIT 1
    FOR UPDATE OF j SKIP LOCKED
)
UPDATE jobs
SET status = 'running', attempt = attempt + 1, token = gen_random_uuid(), worker = %(worker)s,
    lease_until = now() + make_interval(secs => %(lease_s)s)
FROM picked
WHERE jobs.id = picked.id
RETURNING jobs.*
