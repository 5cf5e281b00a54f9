-- A new secret for callbacks; the old one signs beside it for a while. Relies on: the primary key.
UPDATE accounts
SET previous_secret = callback_secret,
    previous_until = now() + make_interval(secs => %(overlap_s)s), callback_secret = %(secret)s
WHERE id = %(id)s
RETURNING *
