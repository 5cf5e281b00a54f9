-- One step of the generic cell rate algorithm: allowed while the theoretical arrival is not
-- more than a burst ahead; a refusal changes nothing. Relies on: the primary key.
INSERT INTO rate_limits AS r (key, arrival_at)
VALUES (%(key)s, now() + make_interval(secs => %(every_s)s))
ON CONFLICT (key) DO UPDATE
SET arrival_at = greatest(r.arrival_at, now()) + make_interval(secs => %(every_s)s)
WHERE r.arrival_at <= now() + make_interval(secs => %(every_s)s * (%(burst)s - 1))
RETURNING arrival_at
