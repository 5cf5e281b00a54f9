-- The operator says what an account may use. Relies on: primary key.
INSERT INTO quotas (account_id, concurrent_jobs, queued_renders, output_minutes, storage_bytes)
VALUES (%(account_id)s, %(concurrent_jobs)s, %(queued_renders)s, %(output_minutes)s,
    %(storage_bytes)s)
ON CONFLICT (account_id) DO UPDATE
SET concurrent_jobs = excluded.concurrent_jobs, queued_renders = excluded.queued_renders,
    output_minutes = excluded.output_minutes, storage_bytes = excluded.storage_bytes
