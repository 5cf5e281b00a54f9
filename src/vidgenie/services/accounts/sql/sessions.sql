-- An account's sessions that are still good, newest first. Relies on: access_tokens_by_account.
SELECT id, address, user_agent, created_at, expires_at FROM access_tokens
WHERE account_id = %(account_id)s AND revoked_at IS NULL AND expires_at > now()
  AND (%(cursor)s::text IS NULL OR id < %(cursor)s)
ORDER BY id DESC
LIMIT %(limit)s
