-- A render's parts in order, the sound first. Relies on: primary key.
SELECT part, frames_total, frames_done, key, stats
FROM render_parts WHERE render_id = %(render_id)s ORDER BY part
