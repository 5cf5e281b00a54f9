-- One event. Index: events primary key.
SELECT id, account_id, type, data, created_at FROM events WHERE id = %(id)s
