-- What one attempt was to tell, and whom. Index: deliveries primary key.
SELECT d.event_id, d.webhook_id
FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
WHERE d.id = %(id)s AND w.account_id = %(account_id)s
