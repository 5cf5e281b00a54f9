-- An idempotency key is used for the first time, or its day is over. Relies on: the primary key.
INSERT INTO idempotency_keys AS k (account_id, call, key, body_hash)
VALUES (%(account_id)s, %(call)s, %(key)s, %(body_hash)s)
ON CONFLICT (account_id, call, key) DO UPDATE
SET body_hash = excluded.body_hash, answer = NULL, created_at = now()
WHERE k.created_at < now() - interval '24 hours'
   OR (k.answer IS NULL AND k.created_at < now() - interval '1 minute')
RETURNING created_at
