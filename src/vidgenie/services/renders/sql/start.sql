-- An attempt begins; ended renders stay as they are. Relies on: primary key.
UPDATE renders
SET status = 'fetching', attempts = %(attempts)s, started_at = coalesce(started_at, now())
WHERE id = %(id)s AND status IN ('queued', 'fetching')
RETURNING id
