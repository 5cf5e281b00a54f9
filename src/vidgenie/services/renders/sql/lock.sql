-- One render, held until the transaction ends, so that its state changes once. Relies on: primary key.
SELECT r.*, 0::real AS progress FROM renders r WHERE r.id = %(id)s FOR UPDATE
