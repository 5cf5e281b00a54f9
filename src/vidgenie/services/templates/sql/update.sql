-- Rename, and count a new version; two at once take turns at the row. Relies on: primary key.
UPDATE templates SET name = %(name)s, version = version + %(step)s, updated_at = now()
WHERE id = %(id)s AND account_id = %(account_id)s
RETURNING version
