-- Whose token this is. Relies on: access_tokens_token_hash_key.
SELECT t.id, t.account_id, a.status AS account_status,
    t.expires_at <= now() AS is_expired, t.revoked_at IS NOT NULL AS is_revoked
FROM access_tokens t JOIN accounts a ON a.id = t.account_id
WHERE t.token_hash = %(token_hash)s
