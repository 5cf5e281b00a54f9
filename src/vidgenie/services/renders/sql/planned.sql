-- The sources are known and the plan is made. Relies on: primary key.
UPDATE renders
SET status = 'rendering', sources = %(sources)s, warnings = warnings || %(warnings)s,
    timings = timings || %(timings)s
WHERE id = %(id)s AND status = 'fetching'
RETURNING id
