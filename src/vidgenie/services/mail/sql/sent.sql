-- A letter was handed to the mail server: its secret is forgotten. Relies on: the primary key.
UPDATE mail_outbox SET sent_at = now(), token = NULL, text = '' WHERE id = %(id)s
