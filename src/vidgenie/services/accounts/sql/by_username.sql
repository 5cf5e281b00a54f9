-- The account of this name, in any case. Relies on: accounts_username.
SELECT * FROM accounts WHERE lower(username) = lower(%(username)s)
