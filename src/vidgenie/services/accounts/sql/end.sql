-- An account is deleted: nothing of it says any more whose it was, nothing opens it; its name and
-- address are free. Relies on: the primary key.
UPDATE accounts SET status = 'deleted', username = id, email = id || '@deleted.invalid',
    password_hash = '-'
WHERE id = %(id)s AND status = 'active' AND password_hash = %(old_hash)s
RETURNING id
