-- An account may use what everybody may. Relies on: primary key.
DELETE FROM quotas WHERE account_id = %(account_id)s
