-- A part is made and kept. Relies on: primary key.
UPDATE render_parts
SET key = %(key)s, stats = %(stats)s, frames_done = frames_total
WHERE render_id = %(render_id)s AND part = %(part)s
