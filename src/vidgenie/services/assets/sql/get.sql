-- One asset of an account. Index: assets primary key.
SELECT id, account_id, sha256, key, filename, kind, container, content_type, size, created_at,
    thumbnail_key
FROM assets
WHERE id = %(id)s AND account_id = %(account_id)s
