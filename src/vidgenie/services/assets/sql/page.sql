-- A page of an account's assets, newest first. Index: assets_by_account.
SELECT id, account_id, sha256, key, filename, kind, container, content_type, size, created_at,
    thumbnail_key
FROM assets
WHERE account_id = %(account_id)s
    AND (%(cursor)s::text IS NULL OR id < %(cursor)s)
ORDER BY id DESC
LIMIT %(limit)s
