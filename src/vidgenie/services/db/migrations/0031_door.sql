-- Renders that came through the Shotstack-compatible door remember it: how their callback is told.

ALTER TABLE renders ADD COLUMN door jsonb;
