-- An account's renders, newest first. Relies on: renders_by_account.
SELECT r.*, coalesce(p.progress, 0) AS progress
FROM renders r
LEFT JOIN render_progress p ON p.render_id = r.id
WHERE r.account_id = %(account_id)s
  AND (%(cursor)s::text IS NULL OR r.id < %(cursor)s)
  AND (%(status)s::text IS NULL OR r.status = %(status)s)
  AND (%(batch_id)s::text IS NULL OR r.batch_id = %(batch_id)s)
ORDER BY r.id DESC
LIMIT %(limit)s
