-- An authenticated call leaves its row. Relies on: the primary key.
INSERT INTO audit (id, account_id, credential_kind, credential_id, action, object_id, address,
    user_agent, status, code, request_id)
VALUES (%(id)s, %(account_id)s, %(credential_kind)s, %(credential_id)s, %(action)s, %(object_id)s,
    %(address)s, %(user_agent)s, %(status)s, %(code)s, %(request_id)s)
