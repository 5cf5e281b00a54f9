-- Record a template. Relies on: primary key.
INSERT INTO templates (id, account_id, name) VALUES (%(id)s, %(account_id)s, %(name)s)
