-- A render's files are kept for so long only. Relies on: primary key.
UPDATE renders SET files_until = now() + make_interval(secs => %(ttl_s)s) WHERE id = %(id)s
