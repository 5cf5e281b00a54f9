-- Whose turn it is: jobs of something begun keep the place of its first job (`since`); and what may
-- run only a few at a time (`lane`), so that one slow receiver never holds every slot.

ALTER TABLE jobs ADD COLUMN since bigint, ADD COLUMN lane text;

DROP INDEX jobs_ready;
CREATE INDEX jobs_ready ON jobs (queue, account_id, priority DESC, coalesce(since, id), id)
    WHERE status = 'ready';
