-- Fetched files that are gone: their addresses are asked anew. Relies on: nothing, it is rare.
DELETE FROM sources WHERE account_id || '/' || sha256 = ANY(%(ids)s::text[])
