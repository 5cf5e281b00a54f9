-- What an account may change: its address, its password, the secret of its callbacks; and its end.

ALTER TABLE email_tokens DROP CONSTRAINT email_tokens_kind_check;
ALTER TABLE email_tokens ADD COLUMN email text,
    ADD CONSTRAINT email_tokens_kind_check
    CHECK (kind IN ('verify_email', 'change_email', 'reset_password'));

-- The secret that a rotation replaced signs beside the new one until receivers have changed over.
ALTER TABLE accounts ADD COLUMN previous_secret bytea, ADD COLUMN previous_until timestamptz;

-- Deleted accounts lose their name and address at once; a job takes the rest, then the row.
ALTER TABLE accounts DROP CONSTRAINT accounts_status_check;
ALTER TABLE accounts ADD CONSTRAINT accounts_status_check
    CHECK (status IN ('pending', 'active', 'disabled', 'deleted'));
