-- Forget a template. Relies on: primary key.
DELETE FROM templates WHERE id = %(id)s AND account_id = %(account_id)s
