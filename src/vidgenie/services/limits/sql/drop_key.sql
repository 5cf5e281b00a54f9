-- The call failed: the key is free again. Relies on: the primary key.
DELETE FROM idempotency_keys
WHERE account_id = %(account_id)s AND call = %(call)s AND key = %(key)s AND answer IS NULL
  AND created_at = %(since)s
