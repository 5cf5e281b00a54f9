-- An asset has a small picture. Index: assets primary key.
UPDATE assets SET thumbnail_key = %(key)s WHERE id = %(id)s
