-- The operator lets an account in, or keeps it out. Relies on: the primary key, accounts_email.
UPDATE accounts SET status = %(status)s, verified_at = coalesce(verified_at, now())
WHERE id = %(id)s AND status <> 'deleted'
RETURNING *
