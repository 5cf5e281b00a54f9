-- An account's templates, newest first. Relies on: templates_by_account.
SELECT t.id, t.account_id, t.name, t.version, t.version AS latest_version, '{}'::jsonb AS document,
    v.fields, t.created_at, t.updated_at
FROM templates t
JOIN template_versions v ON v.template_id = t.id AND v.version = t.version
WHERE t.account_id = %(account_id)s AND (%(cursor)s::text IS NULL OR t.id < %(cursor)s)
ORDER BY t.id DESC
LIMIT %(limit)s
