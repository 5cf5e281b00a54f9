-- The render's progress from its parts; it never falls. Relies on: primary keys.
INSERT INTO render_progress (render_id, progress)
SELECT %(render_id)s, coalesce(sum(frames_done)::real / nullif(sum(frames_total), 0), 0) * 0.98
FROM render_parts WHERE render_id = %(render_id)s
ON CONFLICT (render_id) DO UPDATE
SET progress = greatest(render_progress.progress, excluded.progress)
