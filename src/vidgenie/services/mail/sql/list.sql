-- Letters, newest first. Relies on: mail_outbox_by_address, or the primary key.
SELECT id, to_address, subject, text, token, created_at FROM mail_outbox
WHERE (%(to)s::text IS NULL OR lower(to_address) = lower(%(to)s))
ORDER BY id DESC
LIMIT %(limit)s
