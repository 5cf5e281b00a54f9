-- Accounts that wait for this address to be proved, newest first. Relies on: accounts_pending_email.
SELECT * FROM accounts WHERE lower(email) = lower(%(email)s) AND status = 'pending'
ORDER BY id DESC
LIMIT %(limit)s
