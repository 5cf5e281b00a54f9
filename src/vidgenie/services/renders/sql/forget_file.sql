-- A file of a render was deleted. Relies on: primary key.
UPDATE renders SET output = jsonb_set(output, ARRAY[%(member)s::text], 'null')
WHERE id = %(id)s AND output IS NOT NULL
