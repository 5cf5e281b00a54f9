-- Which of some chunks are kept. Relies on: primary key.
SELECT key FROM kept_chunks WHERE key = ANY(%(keys)s::text[])
