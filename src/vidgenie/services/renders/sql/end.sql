-- A render ends, once: whoever comes second finds no row. Relies on: primary key.
UPDATE renders
SET status = %(status)s, output = %(output)s, error = %(error)s,
    timings = timings || %(timings)s, cache = %(cache)s, finished_at = now()
WHERE id = %(id)s AND status NOT IN ('done', 'failed', 'cancelled')
RETURNING *, CASE WHEN %(status)s = 'done' THEN 1 ELSE
    coalesce((SELECT progress FROM render_progress WHERE render_id = %(id)s), 0) END::real AS progress
