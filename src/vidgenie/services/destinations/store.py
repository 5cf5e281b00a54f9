"""Every query of the destinations room."""

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from vidgenie.errors import NotFound
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements
from vidgenie.services.destinations.model import Destination, Provider

sql = Statements(__package__)


async def insert(
    tx: Transaction,
    account_id: str,
    *,
    name: str,
    provider: Provider,
    place: Mapping[str, Any],
    secrets: bytes,
) -> Destination:
    """Record a destination; its secrets come encrypted."""
    values = {
        "id": new_id("dst"),
        "account_id": account_id,
        "name": name,
        "provider": provider,
        "place": Jsonb(place),
        "secrets": secrets,
    }
    row = await (await tx.execute(sql.insert, values)).fetchone()
    assert row is not None
    return _destination(row)


async def count(tx: Transaction, account_id: str) -> int:
    """Count an account's destinations."""
    row = await (await tx.execute(sql.count, {"account_id": account_id})).fetchone()
    assert row is not None
    return int(row["count"])


async def find(tx: Transaction, account_id: str, destination_id: str) -> Destination | None:
    """Return one destination; None when the account has none of this id."""
    values = {"id": destination_id, "account_id": account_id}
    row = await (await tx.execute(sql.get, values)).fetchone()
    return None if row is None else _destination(row)


async def get(tx: Transaction, account_id: str, destination_id: str) -> Destination:
    """Return one destination. Raises: NotFound, also for another account's."""
    found = await find(tx, account_id, destination_id)
    if found is None:
        raise absent(destination_id)
    return found


async def page(
    tx: Transaction, account_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Destination], str | None]:
    """Return an account's destinations, newest first, and the cursor of the next page."""
    values = {"account_id": account_id, "cursor": cursor, "limit": limit + 1}
    rows = await (await tx.execute(sql.page, values)).fetchall()
    found = [_destination(row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


async def update(
    tx: Transaction,
    account_id: str,
    destination_id: str,
    *,
    name: str | None,
    place: Mapping[str, Any] | None,
    secrets: bytes | None,
) -> Destination:
    """Change what is given of a destination. Raises: NotFound."""
    values = {
        "id": destination_id,
        "account_id": account_id,
        "name": name,
        "place": None if place is None else Jsonb(place),
        "secrets": secrets,
    }
    row = await (await tx.execute(sql.update, values)).fetchone()
    if row is None:
        raise absent(destination_id)
    return _destination(row)


async def remove(tx: Transaction, account_id: str, destination_id: str) -> bool:
    """Forget a destination; False when the account has none of this id."""
    values = {"id": destination_id, "account_id": account_id}
    return (await tx.execute(sql.remove, values)).rowcount == 1


def absent(destination_id: str) -> NotFound:
    """Return the error that says that there is none of this id."""
    return NotFound(f"There is no destination {destination_id!r} in this account.")


def _destination(row: Mapping[str, Any]) -> Destination:
    return Destination(**{**row, "secrets": bytes(row["secrets"])})
