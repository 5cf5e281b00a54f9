-- A kept chunk, noted as used now, at most once a minute: a hot row would bloat. Relies on: primary key.
WITH noted AS (
    UPDATE kept_chunks SET used_at = now()
    WHERE key = %(key)s AND used_at < now() - interval '1 minute'
)
SELECT sha256 FROM kept_chunks WHERE key = %(key)s
