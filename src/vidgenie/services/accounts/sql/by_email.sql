-- The account of this address, in any case. Relies on: accounts_email.
SELECT * FROM accounts WHERE lower(email) = lower(%(email)s)
