-- A part is tried once more: the render shows the largest number of attempts. Relies on: primary key.
UPDATE renders SET attempts = greatest(attempts, %(attempts)s) WHERE id = %(id)s
