-- A part that is to be made; a second plan of the same render keeps what is there. Relies on: primary key.
INSERT INTO render_parts (render_id, part, frames_total)
VALUES (%(render_id)s, %(part)s, %(frames_total)s)
ON CONFLICT (render_id, part) DO NOTHING
