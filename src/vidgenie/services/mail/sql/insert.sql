-- A letter enters the outbox. Relies on: the primary key.
INSERT INTO mail_outbox (to_address, subject, text, token)
VALUES (%(to)s, %(subject)s, %(text)s, %(token)s)
RETURNING id
