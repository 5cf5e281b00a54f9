-- Record a version, which never changes. Relies on: primary key.
INSERT INTO template_versions (template_id, version, document, fields)
VALUES (%(template_id)s, %(version)s, %(document)s, %(fields)s)
