-- Forget an endpoint. Index: webhooks primary key.
DELETE FROM webhooks WHERE id = %(id)s AND account_id = %(account_id)s
