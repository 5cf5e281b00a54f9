-- Letters to an address whose account is gone. Relies on: mail_outbox_by_address.
DELETE FROM mail_outbox WHERE lower(to_address) = lower(%(to)s)
