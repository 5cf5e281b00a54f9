-- One destination of an account. Relies on: primary key.
SELECT * FROM destinations WHERE id = %(id)s AND account_id = %(account_id)s
