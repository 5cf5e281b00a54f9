-- Where an endpoint is, if it still wants to hear. Index: webhooks primary key.
SELECT id AS webhook_id, url, secret FROM webhooks WHERE id = %(id)s AND is_enabled
