-- One child less to wait for; the last one makes the parent ready. Relies on: primary key.
UPDATE jobs
SET pending = pending - 1, status = CASE WHEN pending = 1 THEN 'ready' ELSE status END,
    run_at = CASE WHEN pending = 1 THEN now() ELSE run_at END
WHERE id = %(id)s AND status = 'blocked'
RETURNING status, queue
