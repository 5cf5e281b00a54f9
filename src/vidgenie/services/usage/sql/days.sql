-- What ended on each day. Relies on: used_by_account.
SELECT (ended_at AT TIME ZONE 'UTC')::date AS day,
    count(*) FILTER (WHERE status = 'done')::int AS done,
    count(*) FILTER (WHERE status = 'failed')::int AS failed,
    count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled,
    sum(output_s) AS output_s, sum(output_bytes)::bigint AS output_bytes
FROM used
WHERE account_id = %(account_id)s
    AND ended_at >= (%(first)s::date)::timestamp AT TIME ZONE 'UTC'
    AND ended_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'UTC'
GROUP BY day ORDER BY day
