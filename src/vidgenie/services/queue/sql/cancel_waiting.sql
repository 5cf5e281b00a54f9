-- What waits of a group goes at once. Relies on: jobs_by_group.
WITH gone AS (
    DELETE FROM jobs WHERE group_id = %(group_id)s AND status IN ('ready', 'blocked') RETURNING *
)
INSERT INTO jobs_finished (id, kind, queue, account_id, group_id, status, attempt, created_at)
SELECT id, kind, queue, account_id, group_id, 'cancelled', attempt, created_at FROM gone
