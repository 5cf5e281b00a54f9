-- Whether more jobs of a lane run than may; asked with the lane's lock held, by whoever has just claimed
-- one. Relies on: jobs_running.
SELECT count(*) > %(lane_max)s AS is_over FROM jobs
WHERE status = 'running' AND queue = %(queue)s AND lane = %(lane)s
