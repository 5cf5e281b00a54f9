-- All keys of an account end. Relies on: api_keys_by_account.
UPDATE api_keys SET revoked_at = now() WHERE account_id = %(account_id)s AND revoked_at IS NULL
