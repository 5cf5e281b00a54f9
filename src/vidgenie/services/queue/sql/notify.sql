-- Wake workers that wait; PostgreSQL sends equal notices of one transaction once. Relies on: nothing.
SELECT pg_notify('vidgenie_jobs', %(queue)s)
