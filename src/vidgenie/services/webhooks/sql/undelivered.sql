-- Events since a moment that an endpoint hears and has not received, oldest first. Indexes:
-- events_by_time, deliveries_by_event.
SELECT e.id
FROM events e JOIN webhooks w ON w.account_id = e.account_id AND w.id = %(webhook_id)s
WHERE e.created_at >= %(since)s AND e.account_id = %(account_id)s AND e.type = ANY (w.events)
    AND NOT EXISTS (
        SELECT FROM deliveries d
        WHERE d.event_id = e.id AND d.webhook_id = w.id AND d.error IS NULL
    )
ORDER BY e.id
LIMIT %(limit)s
