-- Record that something happened.
INSERT INTO events (id, account_id, type, data)
VALUES (%(id)s, %(account_id)s, %(type)s, %(data)s)
