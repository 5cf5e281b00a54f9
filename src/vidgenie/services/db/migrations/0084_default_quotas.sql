-- What accounts may use that have no quota of their own: one row, as the operator's settings say. The
-- limit on jobs of such accounts is the queue's, under the account `*`.

CREATE TABLE default_quotas (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    concurrent_jobs int,
    queued_renders int,
    output_minutes int,
    storage_bytes bigint
);

-- A quota without a number is without limit, whatever the defaults are.
ALTER TABLE queue_limits ALTER COLUMN running_max DROP NOT NULL;
INSERT INTO queue_limits (queue, account_id, running_max)
SELECT 'render', account_id, concurrent_jobs FROM quotas
ON CONFLICT (queue, account_id) DO NOTHING;
