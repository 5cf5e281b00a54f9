-- Log out: one session, all, or all but one. Relies on: access_tokens_by_account.
UPDATE access_tokens SET revoked_at = now()
WHERE account_id = %(account_id)s AND revoked_at IS NULL
  AND (%(id)s::text IS NULL OR id = %(id)s) AND (%(but_id)s::text IS NULL OR id <> %(but_id)s)
