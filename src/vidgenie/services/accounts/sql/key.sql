-- Whose key this is. Relies on: api_keys_key_hash_key.
SELECT k.id, k.account_id, k.scopes, k.rate_limit, k.networks, a.status AS account_status,
    coalesce(k.expires_at <= now(), false) AS is_expired, k.revoked_at IS NOT NULL AS is_revoked,
    coalesce(k.last_used_at < now() - interval '1 minute', true) AS is_stale
FROM api_keys k JOIN accounts a ON a.id = k.account_id
WHERE k.key_hash = %(key_hash)s
