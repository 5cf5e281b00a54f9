-- A slice of an account's kept chunks, to be erased. Relies on: nothing; a rare job.
SELECT key FROM kept_chunks WHERE account_id = %(account_id)s LIMIT %(limit)s
