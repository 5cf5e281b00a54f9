-- The operator says what accounts without a quota may use; written where it changes. Relies on: primary key.
INSERT INTO default_quotas AS d (concurrent_jobs, queued_renders, output_minutes, storage_bytes)
VALUES (%(concurrent_jobs)s, %(queued_renders)s, %(output_minutes)s, %(storage_bytes)s)
ON CONFLICT (is_only) DO UPDATE
SET concurrent_jobs = excluded.concurrent_jobs, queued_renders = excluded.queued_renders,
    output_minutes = excluded.output_minutes, storage_bytes = excluded.storage_bytes
WHERE (d.concurrent_jobs, d.queued_renders, d.output_minutes, d.storage_bytes)
    IS DISTINCT FROM (excluded.concurrent_jobs, excluded.queued_renders, excluded.output_minutes,
    excluded.storage_bytes)
