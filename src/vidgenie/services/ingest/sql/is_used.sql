-- Whether a source is this asset. Index: ingest_sources (asset_id).
SELECT 1 FROM ingest_sources WHERE asset_id = %(asset_id)s LIMIT 1
