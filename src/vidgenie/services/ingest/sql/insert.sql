-- Record a source. Relies on: primary key.
INSERT INTO ingest_sources (id, account_id, input) VALUES (%(id)s, %(account_id)s, %(input)s)
