-- One batch of an account. Relies on: primary key.
SELECT * FROM batches WHERE id = %(id)s AND account_id = %(account_id)s
