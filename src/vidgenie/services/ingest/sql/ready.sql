-- A source is an asset. Relies on: primary key.
UPDATE ingest_sources
SET status = 'ready', asset_id = %(asset_id)s, width = %(width)s, height = %(height)s,
    duration = %(duration)s, fps = %(fps)s, updated_at = now()
WHERE id = %(id)s AND status = 'importing'
