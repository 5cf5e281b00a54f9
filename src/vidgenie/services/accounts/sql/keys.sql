-- An account's keys, newest first. Relies on: api_keys_by_account.
SELECT * FROM api_keys
WHERE account_id = %(account_id)s AND (%(cursor)s::text IS NULL OR id < %(cursor)s)
ORDER BY id DESC
LIMIT %(limit)s
