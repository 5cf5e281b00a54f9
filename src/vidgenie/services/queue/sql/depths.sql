-- Jobs by queue and status, and how long the oldest ready one has waited. Relies on: a small table.
SELECT queue, status, count(*) AS jobs,
    coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE status = 'ready')), 0)::float AS oldest_s
FROM jobs GROUP BY queue, status
