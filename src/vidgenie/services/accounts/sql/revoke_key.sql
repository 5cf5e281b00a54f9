-- A key is revoked; a second time changes nothing. Relies on: the primary key.
UPDATE api_keys SET revoked_at = coalesce(revoked_at, now())
WHERE id = %(id)s AND account_id = %(account_id)s
RETURNING *
