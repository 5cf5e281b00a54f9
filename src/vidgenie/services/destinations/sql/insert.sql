-- Record a destination.
INSERT INTO destinations (id, account_id, name, provider, place, secrets)
VALUES (%(id)s, %(account_id)s, %(name)s, %(provider)s, %(place)s, %(secrets)s)
RETURNING *
