-- What a key may be limited to: calls a minute, and networks it may be used from.

ALTER TABLE api_keys ADD COLUMN rate_limit int, ADD COLUMN networks text[];
