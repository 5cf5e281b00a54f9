-- How many endpoints an account has. Index: webhooks_by_account.
SELECT count(*) AS count FROM webhooks WHERE account_id = %(account_id)s
