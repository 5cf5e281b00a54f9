-- A batch's renders by status. Relies on: renders_by_batch.
SELECT status, count(*)::int AS count FROM renders WHERE batch_id = %(id)s GROUP BY status
