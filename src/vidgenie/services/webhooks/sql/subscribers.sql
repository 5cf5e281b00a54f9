-- Who hears a type of event. Index: webhooks_by_account; an account has few endpoints.
SELECT id FROM webhooks
WHERE account_id = %(account_id)s AND is_enabled AND %(type)s = ANY (events)
ORDER BY id
