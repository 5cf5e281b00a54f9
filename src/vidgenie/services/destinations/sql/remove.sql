-- Forget a destination. Relies on: primary key.
DELETE FROM destinations WHERE id = %(id)s AND account_id = %(account_id)s
