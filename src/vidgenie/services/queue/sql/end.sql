-- A job ends and is remembered, if it is still this worker's. Relies on: primary key.
WITH ended AS (
    DELETE FROM jobs
    WHERE id = %(id)s AND token = %(token)s AND status = 'running'
    RETURNING *
),
remembered AS (
    INSERT INTO jobs_finished (id, kind, queue, account_id, group_id, status, attempt, error, created_at)
    SELECT id, kind, queue, account_id, group_id, %(status)s, attempt, %(error)s, created_at FROM ended
)
SELECT parent_id FROM ended
