-- A kept chunk turned out damaged or lost. Relies on: primary key.
DELETE FROM kept_chunks WHERE key = %(key)s
