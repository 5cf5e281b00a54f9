-- A token goes out by mail; only its hash stays. Relies on: the primary key.
INSERT INTO email_tokens (token_hash, account_id, kind, email, expires_at)
VALUES (%(token_hash)s, %(account_id)s, %(kind)s, %(email)s,
    now() + make_interval(secs => %(ttl_s)s))
