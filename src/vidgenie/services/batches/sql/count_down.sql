-- Renders of a batch ended; the last one ends the batch, once. Relies on: primary key.
UPDATE batches
SET pending = pending - %(ended)s,
    finished_at = CASE WHEN pending = %(ended)s THEN now() ELSE finished_at END
WHERE id = %(id)s AND finished_at IS NULL
RETURNING account_id, pending
