-- A page of an account's destinations, newest first. Relies on: destinations_by_account.
SELECT * FROM destinations
WHERE account_id = %(account_id)s AND (%(cursor)s::text IS NULL OR id < %(cursor)s)
ORDER BY id DESC
LIMIT %(limit)s
