-- What runs of a group is asked to stop; its worker hears of it with the next heartbeat. Relies on: jobs_by_group.
UPDATE jobs SET cancel_requested = true WHERE group_id = %(group_id)s AND status = 'running'
