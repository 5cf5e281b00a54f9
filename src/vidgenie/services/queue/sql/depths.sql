-- Jobs by queue and status, and how long the oldest one that could run has waited. Relies on: a small table.
SELECT queue, status, count(*) AS jobs,
    coalesce(extract(epoch FROM now() - min(run_at)
        FILTER (WHERE status = 'ready' AND run_at <= now())), 0)::float AS oldest_s
FROM jobs GROUP BY queue, status
