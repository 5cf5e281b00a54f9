-- What ended long ago is found without a search through everything.

CREATE INDEX renders_by_end ON renders (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX batches_by_end ON batches (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX sources_by_time ON sources (fetched_at);
