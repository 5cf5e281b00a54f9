-- A token is used: once, in time. Relies on: the primary key.
UPDATE email_tokens SET used_at = now()
WHERE token_hash = %(token_hash)s AND kind = ANY (%(kinds)s) AND used_at IS NULL
  AND expires_at > now()
RETURNING account_id, kind, email
