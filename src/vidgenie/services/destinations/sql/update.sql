-- Change what is given of a destination. Relies on: primary key.
UPDATE destinations
SET name = coalesce(%(name)s, name), place = coalesce(%(place)s::jsonb, place),
    secrets = coalesce(%(secrets)s, secrets), updated_at = now()
WHERE id = %(id)s AND account_id = %(account_id)s
RETURNING *
