-- Renders whose files are gone. Relies on: primary key.
DELETE FROM renders WHERE id = ANY (%(ids)s)
