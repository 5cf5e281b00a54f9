-- One endpoint of an account. Index: webhooks primary key.
SELECT id, account_id, url, events, secret, is_enabled, failing_since, created_at
FROM webhooks
WHERE id = %(id)s AND account_id = %(account_id)s
