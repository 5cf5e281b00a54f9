"""Every query of the ingest room."""

from collections.abc import Mapping
from typing import Any

from vidgenie.errors import NotFound
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements
from vidgenie.services.ingest.model import Source

sql = Statements(__package__)


async def insert(tx: Transaction, account_id: str, url: str | None) -> Source:
    """Record a source that is to be fetched, or without an address is to be sent."""
    values = {"id": new_id("src"), "account_id": account_id, "input": url}
    await tx.execute(sql.insert, values)
    return await get(tx, account_id, values["id"] or "")


async def get(tx: Transaction, account_id: str | None, source_id: str) -> Source:
    """Return one source; an `account_id` of None is for our own workers.

    Raises: NotFound, also for another account's.
    """
    values = {"id": source_id, "account_id": account_id}
    row = await (await tx.execute(sql.get, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no source {source_id!r} in this account.")
    return Source(**row)


async def newest(tx: Transaction, account_id: str, limit: int) -> list[Source]:
    """Return an account's sources, newest first, without the deleted ones."""
    values = {"account_id": account_id, "limit": limit}
    return [Source(**row) for row in await (await tx.execute(sql.newest, values)).fetchall()]


async def received(tx: Transaction, source_id: str, asset_id: str) -> bool:
    """Note the asset that was sent for a source; False when it had one, or is not waiting."""
    values = {"id": source_id, "asset_id": asset_id}
    return (await tx.execute(sql.received, values)).rowcount == 1


async def begin(tx: Transaction, source_id: str) -> Source | None:
    """Note that the import begins; None when the source is not waiting for it."""
    if (await tx.execute(sql.begin, {"id": source_id})).rowcount == 0:
        return None
    return await get(tx, None, source_id)


async def ready(tx: Transaction, source_id: str, asset_id: str, facts: Mapping[str, Any]) -> None:
    """Note that a source is an asset, and what it is."""
    await tx.execute(sql.ready, {"id": source_id, "asset_id": asset_id, **facts})


async def fail(tx: Transaction, source_id: str, error: str) -> None:
    """Note that a source could not be had."""
    await tx.execute(sql.fail, {"id": source_id, "error": error})


async def delete(tx: Transaction, source_id: str) -> None:
    """Note that a source is not wanted any more."""
    await tx.execute(sql.delete, {"id": source_id})


async def is_used(tx: Transaction, asset_id: str) -> bool:
    """Tell whether a source is this asset."""
    cursor = await tx.execute(sql.is_used, {"asset_id": asset_id})
    return await cursor.fetchone() is not None
