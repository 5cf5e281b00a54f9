-- The last of an account: its row, and with it all that refers to it. Relies on: primary key.
DELETE FROM accounts WHERE id = %(account_id)s AND status = 'deleted'
