-- A login. Relies on: the primary key.
INSERT INTO access_tokens (id, account_id, token_hash, address, user_agent, expires_at)
VALUES (%(id)s, %(account_id)s, %(token_hash)s, %(address)s, %(user_agent)s,
    now() + make_interval(secs => %(ttl_s)s))
RETURNING expires_at
