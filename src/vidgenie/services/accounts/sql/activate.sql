-- The address is proved. Relies on: the primary key.
UPDATE accounts SET status = 'active', verified_at = now()
WHERE id = %(id)s AND status = 'pending'
RETURNING *
