-- Record an upload, or find the asset with the same content. Index: assets (account_id, sha256).
-- The update that changes nothing makes the existing row come back, locked until we commit.
INSERT INTO assets (
    id, account_id, sha256, key, filename, kind, container, content_type, size, created_at
)
VALUES (
    %(id)s, %(account_id)s, %(sha256)s, %(key)s, %(filename)s, %(kind)s, %(container)s,
    %(content_type)s, %(size)s, %(created_at)s
)
ON CONFLICT (account_id, sha256) DO UPDATE SET key = excluded.key
RETURNING id, account_id, sha256, key, filename, kind, container, content_type, size, created_at,
    thumbnail_key
