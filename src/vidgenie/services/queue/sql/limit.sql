-- How many jobs of an account may run at a time in a queue. Relies on: primary key.
INSERT INTO queue_limits (queue, account_id, running_max)
VALUES (%(queue)s, %(account_id)s, %(running_max)s)
ON CONFLICT (queue, account_id) DO UPDATE SET running_max = excluded.running_max
