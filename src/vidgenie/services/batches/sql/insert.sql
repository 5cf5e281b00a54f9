-- Record a batch. Relies on: primary key.
INSERT INTO batches (id, account_id, template_id, template_version, total, accepted, pending, errors)
VALUES (%(id)s, %(account_id)s, %(template_id)s, %(template_version)s, %(total)s, %(accepted)s,
    %(pending)s, %(errors)s)
