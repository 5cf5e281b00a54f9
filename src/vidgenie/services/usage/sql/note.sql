-- Renders ended: what they made counts from now on, also when they are deleted. Relies on: primary keys.
INSERT INTO used (render_id, account_id, status, output_s, output_bytes)
SELECT id, account_id, status, coalesce((output->>'duration')::double precision, 0),
    coalesce((output->>'size')::bigint, 0)
FROM renders WHERE id = ANY (%(ids)s)
ON CONFLICT (render_id) DO NOTHING
