-- Idempotency keys live for a day. Relies on: idempotency_keys_by_time.
DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'
