-- A copy of a render's files goes on. Relies on: primary key.
UPDATE renders
SET output = jsonb_set(output, ARRAY['destinations', %(index)s::text],
    (output #> ARRAY['destinations', %(index)s::text]) || %(change)s::jsonb)
WHERE id = %(id)s AND output #> ARRAY['destinations', %(index)s::text] IS NOT NULL
RETURNING *, 1::real AS progress
