-- A source is not wanted any more. Relies on: primary key.
UPDATE ingest_sources SET status = 'deleted', asset_id = NULL, updated_at = now()
WHERE id = %(id)s
