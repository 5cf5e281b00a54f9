-- Change an endpoint; one that is switched on again begins without failures. Relies on: primary key.
UPDATE webhooks
SET url = coalesce(%(url)s, url), events = coalesce(%(events)s::text[], events),
    is_enabled = coalesce(%(is_enabled)s::boolean, is_enabled),
    failing_since = CASE WHEN %(is_enabled)s::boolean THEN NULL ELSE failing_since END
WHERE id = %(id)s AND account_id = %(account_id)s
RETURNING id, account_id, url, events, secret, is_enabled, failing_since, created_at
