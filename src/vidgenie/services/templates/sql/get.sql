-- One version of an account's template, the newest without a number. Relies on: primary keys.
SELECT t.id, t.account_id, t.name, v.version, t.version AS latest_version, v.document, v.fields,
    t.created_at, t.updated_at
FROM templates t
JOIN template_versions v ON v.template_id = t.id AND v.version = coalesce(%(version)s::int, t.version)
WHERE t.id = %(id)s AND t.account_id = %(account_id)s
