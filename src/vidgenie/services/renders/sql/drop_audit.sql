-- A slice of a deleted account's audit rows. Relies on: audit_by_account.
DELETE FROM audit WHERE id IN (
    SELECT id FROM audit WHERE account_id = %(account_id)s ORDER BY id DESC LIMIT %(limit)s
)
