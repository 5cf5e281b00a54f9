-- An account enters, pending; a name or address that is taken inserts nothing. Relies on: accounts_username, accounts_email.
INSERT INTO accounts (id, username, email, password_hash, callback_secret)
VALUES (%(id)s, %(username)s, %(email)s, %(password_hash)s, %(callback_secret)s)
ON CONFLICT DO NOTHING
RETURNING *
