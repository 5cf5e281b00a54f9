-- One render of an account. Relies on: primary keys.
SELECT r.*, coalesce(p.progress, 0) AS progress
FROM renders r
LEFT JOIN render_progress p ON p.render_id = r.id
WHERE r.id = %(id)s AND (%(account_id)s::text IS NULL OR r.account_id = %(account_id)s)
