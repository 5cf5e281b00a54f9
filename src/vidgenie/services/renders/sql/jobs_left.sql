-- How many jobs of an account there are. Relies on: nothing; a rare job may read the whole queue.
SELECT count(*)::int AS count FROM jobs WHERE account_id = %(account_id)s
