-- Kept chunks whose files are gone. Relies on: primary key.
DELETE FROM kept_chunks WHERE key = ANY (%(ids)s)
