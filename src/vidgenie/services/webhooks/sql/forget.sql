-- A slice of the events, with the attempts to tell them, whose time is over. Index: events_by_time.
DELETE FROM events WHERE id IN (
    SELECT id FROM events WHERE created_at < now() - make_interval(secs => %(age_s)s)
    ORDER BY created_at LIMIT %(limit)s
)
