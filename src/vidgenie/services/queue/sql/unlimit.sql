-- An account's jobs of a queue are no longer limited. Relies on: primary key.
DELETE FROM queue_limits WHERE queue = %(queue)s AND account_id = %(account_id)s
