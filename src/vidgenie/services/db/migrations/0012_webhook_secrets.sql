-- Rotated secrets of webhooks, and when a render's progress was told last.

ALTER TABLE webhooks ADD COLUMN previous_secret bytea, ADD COLUMN previous_until timestamptz;

ALTER TABLE render_progress ADD COLUMN told_at timestamptz;

CREATE INDEX events_by_time ON events (created_at);
