-- All parts are made. Relies on: primary key.
UPDATE renders SET status = 'saving' WHERE id = %(id)s AND status IN ('rendering', 'saving') RETURNING id
