-- Limits that no longer hold anybody. Relies on: a small table.
DELETE FROM rate_limits WHERE arrival_at < now() - interval '1 hour'
