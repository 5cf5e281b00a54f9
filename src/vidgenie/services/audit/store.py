"""Every query of the audit room."""

from collections.abc import Mapping
from typing import Any

from vidgenie.services.audit.model import AuditRow
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements

sql = Statements(__package__)


async def record(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Write one row; `values` are the columns but for `id` and `created_at`."""
    await tx.execute(sql.insert, {**values, "id": new_id("aud")})


async def page(
    tx: Transaction,
    account_id: str,
    *,
    limit: int,
    cursor: str | None,
    action: str | None = None,
    object_id: str | None = None,
) -> tuple[list[AuditRow], str | None]:
    """Return an account's rows, newest first, and the cursor of the next page."""
    values = {
        "account_id": account_id,
        "cursor": cursor,
        "action": action,
        "object_id": object_id,
        "limit": limit + 1,
    }
    rows = await (await tx.execute(sql.page, values)).fetchall()
    found = [AuditRow(**row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None
