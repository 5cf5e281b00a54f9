-- A new password, if the old one is still what the caller proved. Relies on: the primary key.
UPDATE accounts SET password_hash = %(password_hash)s
WHERE id = %(id)s AND status = 'active'
  AND (%(old_hash)s::text IS NULL OR password_hash = %(old_hash)s)
RETURNING *
