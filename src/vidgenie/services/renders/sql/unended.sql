-- Renders of a batch that have not ended. Relies on: renders_by_batch.
SELECT id FROM renders
WHERE batch_id = %(batch_id)s AND status NOT IN ('done', 'failed', 'cancelled')
ORDER BY id
