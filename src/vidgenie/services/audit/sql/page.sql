-- An account's rows, newest first. Relies on: audit_by_account.
SELECT * FROM audit
WHERE account_id = %(account_id)s
  AND (%(cursor)s::text IS NULL OR id < %(cursor)s)
  AND (%(action)s::text IS NULL OR action = %(action)s)
  AND (%(object_id)s::text IS NULL OR object_id = %(object_id)s)
ORDER BY id DESC
LIMIT %(limit)s
