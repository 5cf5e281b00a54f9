-- Forget an asset. Index: assets primary key.
DELETE FROM assets
WHERE id = %(id)s AND account_id = %(account_id)s
RETURNING id, account_id, sha256, key, filename, kind, container, content_type, size, created_at,
    thumbnail_key
