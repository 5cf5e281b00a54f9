-- The attempts to tell an event. Index: deliveries_by_event.
SELECT id, event_id, webhook_id, url, attempt, status, ms, answer, error, created_at
FROM deliveries
WHERE event_id = %(event_id)s
ORDER BY id
