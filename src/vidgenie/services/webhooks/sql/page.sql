-- A page of an account's endpoints, newest first. Index: webhooks_by_account.
SELECT id, account_id, url, events, secret, is_enabled, failing_since, created_at
FROM webhooks
WHERE account_id = %(account_id)s
    AND (%(cursor)s::text IS NULL OR id < %(cursor)s)
ORDER BY id DESC
LIMIT %(limit)s
