-- What an idempotency key was used for. Relies on: the primary key.
SELECT body_hash, answer, created_at FROM idempotency_keys
WHERE account_id = %(account_id)s AND call = %(call)s AND key = %(key)s
