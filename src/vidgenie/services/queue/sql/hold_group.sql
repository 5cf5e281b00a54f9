-- Whoever ends or calls off jobs of a group takes turns here, so that two of them never wait for each
-- other's rows. Released with the transaction. Relies on: nothing.
SELECT pg_advisory_xact_lock(hashtextextended(%(group_id)s, 0))
