-- The account of this address, in any case: the one that proved it, else the newest that waits.
-- Relies on: accounts_email, accounts_pending_email.
SELECT * FROM accounts WHERE lower(email) = lower(%(email)s)
ORDER BY (status = 'pending'), id DESC
LIMIT 1
