-- Batches that ended long ago, as their renders did. Relies on: batches_by_end.
DELETE FROM batches WHERE finished_at < now() - make_interval(secs => %(ttl_s)s)
