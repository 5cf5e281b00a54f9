-- Tokens that are out for something that has changed meanwhile are good no more. Relies on:
-- email_tokens_by_account.
UPDATE email_tokens SET used_at = now()
WHERE account_id = %(account_id)s AND kind = ANY (%(kinds)s) AND used_at IS NULL
