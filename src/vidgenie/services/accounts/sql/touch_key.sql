-- When a key was last used, at most once a minute: a hot row would hold up everybody. Relies on: the primary key.
UPDATE api_keys SET last_used_at = now() WHERE id = %(id)s
