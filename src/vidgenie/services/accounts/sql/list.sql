-- Accounts for the operator, newest first. Relies on: the primary key.
SELECT * FROM accounts WHERE status <> 'deleted' ORDER BY id DESC LIMIT %(limit)s
