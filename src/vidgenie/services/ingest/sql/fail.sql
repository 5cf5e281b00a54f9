-- A source could not be had. Relies on: primary key.
UPDATE ingest_sources SET status = 'failed', error = %(error)s, updated_at = now()
WHERE id = %(id)s AND status IN ('queued', 'importing')
