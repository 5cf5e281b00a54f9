-- Where an endpoint is, if it still wants to hear; with what signs beside its secret after a rotation.
-- Index: webhooks primary key.
SELECT id AS webhook_id, url, secret,
    CASE WHEN previous_until > now() THEN previous_secret END AS previous
FROM webhooks WHERE id = %(id)s AND is_enabled
