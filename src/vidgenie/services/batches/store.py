"""Every query of the batches room."""

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from vidgenie.errors import NotFound
from vidgenie.services.batches.model import Batch
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements

sql = Statements(__package__)


async def insert(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Record a batch; `values` are its columns."""
    await tx.execute(sql.insert, {**values, "errors": Jsonb(values["errors"])})


async def get(tx: Transaction, account_id: str, batch_id: str) -> Batch:
    """Return one batch with its counts. Raises: NotFound, also for another account's."""
    row = await (await tx.execute(sql.get, {"id": batch_id, "account_id": account_id})).fetchone()
    if row is None:
        raise NotFound(f"There is no batch {batch_id!r} in this account.")
    rows = await (await tx.execute(sql.counts, {"id": batch_id})).fetchall()
    return _batch({**row, "counts": {entry["status"]: entry["count"] for entry in rows}})


async def page(
    tx: Transaction, account_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Batch], str | None]:
    """Return an account's batches, newest first, and the cursor of the next page."""
    values = {"account_id": account_id, "cursor": cursor, "limit": limit + 1}
    rows = await (await tx.execute(sql.page, values)).fetchall()
    found = [_batch({**row, "errors": ()}) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


async def count_down(tx: Transaction, batch_id: str, ended: int) -> str | None:
    """Note that renders ended; return whose batch it is when they were the last."""
    row = await (await tx.execute(sql.count_down, {"id": batch_id, "ended": ended})).fetchone()
    return row["account_id"] if row is not None and row["pending"] == 0 else None


def _batch(row: Mapping[str, Any]) -> Batch:
    return Batch(**{**row, "errors": tuple(row["errors"])})
