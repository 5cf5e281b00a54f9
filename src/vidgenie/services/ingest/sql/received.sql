-- The file of a source that is sent is here, once. Relies on: primary key.
UPDATE ingest_sources SET asset_id = %(asset_id)s, updated_at = now()
WHERE id = %(id)s AND input IS NULL AND asset_id IS NULL AND status = 'queued'
