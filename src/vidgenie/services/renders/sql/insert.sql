-- Record an accepted edit. Relies on: primary key.
INSERT INTO renders (id, account_id, document, metadata, priority, callback,
    template_id, template_version, door, warnings)
VALUES (%(id)s, %(account_id)s, %(document)s, %(metadata)s, %(priority)s, %(callback)s,
    %(template_id)s, %(template_version)s, %(door)s, %(warnings)s)
RETURNING *, 0::real AS progress
