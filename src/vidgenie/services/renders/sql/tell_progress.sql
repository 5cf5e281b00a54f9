-- Whether a running render's progress may be told: not again within the pause. Relies on: primary keys.
UPDATE render_progress p SET told_at = now()
FROM renders r
WHERE p.render_id = %(render_id)s AND r.id = p.render_id
  AND r.status IN ('fetching', 'rendering', 'saving')
  AND (p.told_at IS NULL OR p.told_at <= now() - make_interval(secs => %(pause_s)s))
RETURNING r.id
