-- An account's batches, newest first. Relies on: batches_by_account.
SELECT * FROM batches
WHERE account_id = %(account_id)s AND (%(cursor)s::text IS NULL OR id < %(cursor)s)
ORDER BY id DESC
LIMIT %(limit)s
