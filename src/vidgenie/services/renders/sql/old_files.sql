-- A slice of the renders whose files were to be kept for a while only. Relies on: renders_by_files_until.
SELECT id FROM renders WHERE files_until < now() ORDER BY files_until LIMIT %(limit)s
