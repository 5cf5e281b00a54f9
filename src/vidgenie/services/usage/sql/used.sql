-- What an account uses now. Relies on: renders_unended, used_by_account, assets_by_account.
SELECT
    (SELECT count(*)::int FROM renders WHERE account_id = %(account_id)s
        AND status NOT IN ('done', 'failed', 'cancelled')) AS queued_renders,
    (SELECT coalesce(sum(output_s), 0) FROM used WHERE account_id = %(account_id)s
        AND ended_at >= date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') AS output_s,
    (SELECT coalesce(sum(size), 0)::bigint FROM assets
        WHERE account_id = %(account_id)s) AS storage_bytes
