-- Record an endpoint.
INSERT INTO webhooks (id, account_id, url, events, secret)
VALUES (%(id)s, %(account_id)s, %(url)s, %(events)s, %(secret)s)
RETURNING id, account_id, url, events, secret, is_enabled, failing_since, created_at
