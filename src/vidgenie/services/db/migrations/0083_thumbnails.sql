-- A small picture of an uploaded image or video; null while it is not made.

ALTER TABLE assets ADD COLUMN thumbnail_key text;
