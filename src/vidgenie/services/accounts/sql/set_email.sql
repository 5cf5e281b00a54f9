-- An account moves to an address that it has proved, unless another account has it by now. Relies on:
-- the primary key, accounts_email.
UPDATE accounts SET email = %(email)s, verified_at = now()
FROM (SELECT id, email AS old_email FROM accounts WHERE id = %(id)s FOR UPDATE) before
WHERE accounts.id = before.id AND accounts.status = 'active'
  AND NOT EXISTS (
      SELECT FROM accounts other
      WHERE lower(other.email) = lower(%(email)s) AND other.status <> 'pending'
        AND other.id <> %(id)s
  )
RETURNING accounts.*, before.old_email
