-- A source is being imported. Relies on: primary key.
UPDATE ingest_sources SET status = 'importing', updated_at = now()
WHERE id = %(id)s AND status IN ('queued', 'importing')
