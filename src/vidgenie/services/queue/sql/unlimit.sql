-- An account's jobs of a queue are limited as everybody's. Relies on: primary key.
DELETE FROM queue_limits WHERE queue = %(queue)s AND account_id = %(account_id)s
