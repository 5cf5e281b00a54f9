-- How many destinations an account has. Relies on: destinations_by_account.
SELECT count(*)::int AS count FROM destinations WHERE account_id = %(account_id)s
