-- A key that is replaced ends soon, if it is still good; never later than it would have. Relies on: the
-- primary key.
UPDATE api_keys k
SET expires_at = least(k.expires_at, now() + make_interval(secs => %(overlap_s)s))
FROM (SELECT id, expires_at AS ended_at FROM api_keys WHERE id = %(id)s FOR UPDATE) before
WHERE k.id = before.id AND k.account_id = %(account_id)s AND k.revoked_at IS NULL
    AND (k.expires_at IS NULL OR k.expires_at > now())
RETURNING k.name, k.scopes, k.rate_limit, k.networks,
    extract(epoch FROM before.ended_at - now())::float AS expires_in
