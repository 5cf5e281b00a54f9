-- A page of the attempts to tell an endpoint, newest first. Index: deliveries_by_webhook.
SELECT d.id, d.event_id, d.webhook_id, d.url, d.attempt, d.status, d.ms, d.answer, d.error,
    d.created_at, e.type AS event_type
FROM deliveries d JOIN events e ON e.id = d.event_id
WHERE d.webhook_id = %(webhook_id)s
    AND (%(cursor)s::text IS NULL OR d.id < %(cursor)s)
    AND (%(is_delivered)s::boolean IS NULL OR (d.error IS NULL) = %(is_delivered)s)
ORDER BY d.id DESC
LIMIT %(limit)s
