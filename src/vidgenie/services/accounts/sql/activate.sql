-- The address is proved, unless another account proved it first. Relies on: the primary key,
-- accounts_email.
UPDATE accounts SET status = 'active', verified_at = now()
WHERE id = %(id)s AND status = 'pending'
  AND NOT EXISTS (
      SELECT FROM accounts other
      WHERE lower(other.email) = lower(accounts.email) AND other.status <> 'pending'
  )
RETURNING *
