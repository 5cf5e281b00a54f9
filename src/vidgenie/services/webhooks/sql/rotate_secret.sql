-- A new secret for an endpoint; the old one signs beside it for a while. Index: webhooks primary key.
UPDATE webhooks
SET previous_secret = secret, previous_until = now() + make_interval(secs => %(overlap_s)s),
    secret = %(secret)s
WHERE id = %(id)s AND account_id = %(account_id)s
RETURNING id, account_id, url, events, secret, is_enabled, failing_since, created_at
