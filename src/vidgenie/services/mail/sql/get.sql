-- One letter that is not sent yet. Relies on: the primary key.
SELECT id, to_address, subject, text, token, created_at FROM mail_outbox
WHERE id = %(id)s AND sent_at IS NULL
