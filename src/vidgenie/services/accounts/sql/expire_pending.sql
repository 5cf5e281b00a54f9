-- Pending accounts end with their last token; their names are free again. Relies on: accounts_username, email_tokens_by_account.
DELETE FROM accounts a
WHERE a.status = 'pending' AND a.created_at < now() - interval '1 second'
  AND NOT EXISTS (SELECT 1 FROM email_tokens t WHERE t.account_id = a.id AND t.expires_at > now())
