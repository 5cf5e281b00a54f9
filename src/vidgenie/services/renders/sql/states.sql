-- Where some renders stand. Relies on: primary keys.
SELECT r.id, r.status, coalesce(p.progress, 0)::real AS progress
FROM renders r
LEFT JOIN render_progress p ON p.render_id = r.id
WHERE r.id = ANY(%(ids)s::text[])
