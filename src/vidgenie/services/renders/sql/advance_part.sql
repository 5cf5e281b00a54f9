-- A part has so many frames finished. Relies on: primary key.
UPDATE render_parts SET frames_done = greatest(frames_done, %(frames_done)s)
WHERE render_id = %(render_id)s AND part = %(part)s
