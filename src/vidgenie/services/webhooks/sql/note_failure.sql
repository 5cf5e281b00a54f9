-- An endpoint failed; it is switched off after having failed for long. Index: webhooks primary key.
UPDATE webhooks
SET failing_since = coalesce(failing_since, now()),
    is_enabled = coalesce(failing_since, now())
        > now() - make_interval(secs => %(switch_off_after_s)s)
WHERE id = %(id)s AND is_enabled
RETURNING id, account_id, url, events, secret, is_enabled, failing_since, created_at
