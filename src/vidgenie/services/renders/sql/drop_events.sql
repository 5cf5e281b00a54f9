-- A slice of an account's events and the attempts to tell them. Relies on: events_by_account.
DELETE FROM events WHERE id IN (
    SELECT id FROM events WHERE account_id = %(account_id)s ORDER BY id DESC LIMIT %(limit)s
)
