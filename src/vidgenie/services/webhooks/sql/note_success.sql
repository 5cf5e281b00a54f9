-- An endpoint answers well; written only where it did not before. Index: webhooks primary key.
UPDATE webhooks SET failing_since = NULL
WHERE id = %(id)s AND failing_since IS NOT NULL
