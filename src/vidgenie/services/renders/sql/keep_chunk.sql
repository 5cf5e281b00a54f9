-- A chunk is kept; made twice at once, the later one stands. Relies on: primary key.
INSERT INTO kept_chunks (key, account_id, size, sha256)
VALUES (%(key)s, %(account_id)s, %(size)s, %(sha256)s)
ON CONFLICT (key) DO UPDATE
SET size = excluded.size, sha256 = excluded.sha256, used_at = now()
