"""audit.*: what was done with the account's credentials."""

from typing import Any

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models_account import ListAudit
from vidgenie.services.audit import store
from vidgenie.services.audit.model import AuditRow
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders.view import rfc3339


async def list_rows(call: Call, tx: Transaction, takes: ListAudit) -> dict[str, Any]:
    """List the account's authenticated calls, refused ones too, newest first."""
    rows, cursor = await store.page(
        tx,
        call.account_id,
        limit=takes.limit,
        cursor=takes.cursor,
        action=takes.action,
        object_id=takes.object_id,
    )
    return {"rows": [_view(row) for row in rows], "next_cursor": cursor}


def _view(row: AuditRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "action": row.action,
        "credential_kind": row.credential_kind,
        "credential_id": row.credential_id,
        "object_id": row.object_id,
        "address": row.address,
        "user_agent": row.user_agent,
        "status": row.status,
        "code": row.code,
        "request_id": row.request_id,
        "created_at": rfc3339(row.created_at),
    }
