-- Keep an attempt, unless its endpoint or event was deleted during it. Indexes: primary keys.
INSERT INTO deliveries (
    id, event_id, webhook_id, url, attempt, status, ms, answer, error, created_at
)
SELECT
    %(id)s, %(event_id)s, %(webhook_id)s, %(url)s, %(attempt)s, %(status)s, %(ms)s, %(answer)s,
    %(error)s, %(created_at)s
WHERE EXISTS (SELECT FROM events WHERE id = %(event_id)s FOR KEY SHARE)
    AND (
        %(webhook_id)s::text IS NULL
        OR EXISTS (SELECT FROM webhooks WHERE id = %(webhook_id)s FOR KEY SHARE)
    )
