-- A slice of an account's renders, to be erased. Relies on: renders_by_account.
SELECT id FROM renders WHERE account_id = %(account_id)s ORDER BY id DESC LIMIT %(limit)s
