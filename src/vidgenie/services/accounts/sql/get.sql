-- One account. Relies on: the primary key.
SELECT * FROM accounts WHERE id = %(id)s
