-- The first answer is kept for those who ask again. Relies on: the primary key.
UPDATE idempotency_keys SET answer = %(answer)s
WHERE account_id = %(account_id)s AND call = %(call)s AND key = %(key)s
  AND created_at = %(since)s
