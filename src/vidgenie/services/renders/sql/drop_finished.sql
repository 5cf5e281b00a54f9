-- A slice of a deleted account's ended jobs. Relies on: nothing; they are a week's at most.
DELETE FROM jobs_finished WHERE id IN (
    SELECT id FROM jobs_finished WHERE account_id = %(account_id)s LIMIT %(limit)s
)
