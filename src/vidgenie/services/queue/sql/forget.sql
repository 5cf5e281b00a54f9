-- Ended jobs are remembered for a week. Relies on: jobs_finished_by_time.
DELETE FROM jobs_finished WHERE finished_at < now() - interval '7 days'
