-- A key is made. Relies on: the primary key.
INSERT INTO api_keys (id, account_id, name, key_hash, last4, scopes, rate_limit, networks,
    expires_at)
VALUES (%(id)s, %(account_id)s, %(name)s, %(key_hash)s, %(last4)s, %(scopes)s,
    %(rate_limit)s, %(networks)s,
    now() + make_interval(secs => %(expires_in)s))
RETURNING *
