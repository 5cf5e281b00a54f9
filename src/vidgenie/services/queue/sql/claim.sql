-- Claim one job, fairly. A loose index scan finds the accounts with waiting jobs, each with the first of
-- them; those with the fewest running ones, then with the oldest head, offer their first few jobs; a
-- job's turn is its rank after what its account has running. What goes on with something begun has the
-- place of its beginning, so that one render ends before the next begins. Accounts at their limit offer
-- nothing, and nobody offers jobs of a full lane. Rows that another worker is just claiming are skipped.
-- Where an account's first job may be claimed it is its head; only else is the index asked once more.
-- Relies on: jobs_ready, jobs_running, queue_limits.
WITH RECURSIVE accounts_waiting AS (
    (
        SELECT account_id, coalesce(since, id) AS since, run_at, lane FROM jobs
        WHERE status = 'ready' AND queue = %(queue)s
        ORDER BY account_id, priority DESC, coalesce(since, id), id
        LIMIT 1
    )
    UNION ALL
    SELECT j.account_id, j.since, j.run_at, j.lane
    FROM accounts_waiting w
    CROSS JOIN LATERAL (
        SELECT account_id, coalesce(since, id) AS since, run_at, lane FROM jobs
        WHERE status = 'ready' AND queue = %(queue)s AND account_id > w.account_id
        ORDER BY account_id, priority DESC, coalesce(since, id), id
        LIMIT 1
    ) j
),
busy AS MATERIALIZED (
    SELECT account_id, count(*) AS running FROM jobs
    WHERE status = 'running' AND queue = %(queue)s
    GROUP BY account_id
),
full_lanes AS MATERIALIZED (
    SELECT lane FROM jobs
    WHERE status = 'running' AND queue = %(queue)s AND lane IS NOT NULL
    GROUP BY lane
    HAVING count(*) >= %(lane_max)s
),
next_accounts AS MATERIALIZED (
    SELECT w.account_id, coalesce(b.running, 0) AS running, l.running_max
    FROM (
        SELECT *, run_at <= now()
            AND (lane IS NULL OR lane NOT IN (SELECT lane FROM full_lanes)) AS is_open
        FROM accounts_waiting
    ) w
    LEFT JOIN busy b ON b.account_id = w.account_id
    LEFT JOIN LATERAL (
        SELECT running_max FROM queue_limits
        WHERE queue = %(queue)s AND account_id IN (w.account_id, '*')
        ORDER BY account_id = '*'  -- an account's own limit before everybody's
        LIMIT 1
    ) l ON true
    CROSS JOIN LATERAL (
        SELECT w.since WHERE w.is_open
        UNION ALL
        (
            SELECT coalesce(since, id) AS since FROM jobs
            WHERE NOT w.is_open AND status = 'ready' AND queue = %(queue)s
              AND account_id = w.account_id AND run_at <= now()
              AND (lane IS NULL OR lane NOT IN (SELECT lane FROM full_lanes))
            ORDER BY priority DESC, coalesce(since, id), id
            LIMIT 1
        )
    ) head
    WHERE l.running_max IS NULL OR coalesce(b.running, 0) < l.running_max
    ORDER BY coalesce(b.running, 0), head.since
    LIMIT 16
),
offers AS MATERIALIZED (
    SELECT head.id, head.since, head.rank + a.running AS turn, a.running_max
    FROM next_accounts a
    CROSS JOIN LATERAL (
        SELECT j.id, j.since,
            row_number() OVER (ORDER BY j.priority DESC, j.since, j.id) AS rank
        FROM (
            SELECT id, coalesce(since, id) AS since, priority FROM jobs
            WHERE status = 'ready' AND queue = %(queue)s AND account_id = a.account_id
              AND run_at <= now() AND (lane IS NULL OR lane NOT IN (SELECT lane FROM full_lanes))
            ORDER BY priority DESC, coalesce(since, id), id
            LIMIT 8
        ) j
    ) head
),
picked AS (
    SELECT j.id, o.running_max
    FROM (SELECT * FROM offers ORDER BY turn, since, id) o
    JOIN jobs j ON j.id = o.id
    WHERE j.status = 'ready'
    ORDER BY o.turn, o.since, o.id
    LIMIT 1
    FOR UPDATE OF j SKIP LOCKED
)
UPDATE jobs
SET status = 'running', attempt = attempt + 1, token = gen_random_uuid(), worker = %(worker)s,
    lease_until = now() + make_interval(secs => %(lease_s)s)
FROM picked
WHERE jobs.id = picked.id
RETURNING jobs.*, picked.running_max
