-- An account enters, pending; a name that is taken inserts nothing. Relies on: accounts_username.
INSERT INTO accounts (id, username, email, password_hash, callback_secret)
VALUES (%(id)s, %(username)s, %(email)s, %(password_hash)s, %(callback_secret)s)
ON CONFLICT (lower(username)) DO NOTHING
RETURNING *
