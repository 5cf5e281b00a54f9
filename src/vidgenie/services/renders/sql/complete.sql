-- Done means all of it. Relies on: primary key.
INSERT INTO render_progress (render_id, progress) VALUES (%(render_id)s, 1)
ON CONFLICT (render_id) DO UPDATE SET progress = 1
