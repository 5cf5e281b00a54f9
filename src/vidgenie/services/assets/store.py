"""Every query of the assets room."""

import hashlib

from vidgenie.errors import NotFound
from vidgenie.services.assets.model import Asset, Source
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements

sql = Statements(__package__)

FRESH_S = 24 * 3600
"""A fetched address is not asked again for a day (issue 2; `cache: false` of a timeline asks)."""


async def insert(tx: Transaction, asset: Asset) -> Asset:
    """Record an asset; the one that has this content already is returned instead."""
    values = {name: getattr(asset, name) for name in Asset.__slots__}
    row = await (await tx.execute(sql.insert, values)).fetchone()
    assert row is not None
    return Asset(**row)


async def get(tx: Transaction, account_id: str, asset_id: str) -> Asset:
    """Return one asset. Raises: NotFound, also for another account's."""
    values = {"account_id": account_id, "id": asset_id}
    row = await (await tx.execute(sql.get, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no asset {asset_id!r} in this account.")
    return Asset(**row)


async def page(
    tx: Transaction, account_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Asset], str | None]:
    """Return an account's assets, newest first, and the cursor of the next page."""
    values = {"account_id": account_id, "cursor": cursor, "limit": limit + 1}
    rows = await (await tx.execute(sql.page, values)).fetchall()
    assets = [Asset(**row) for row in rows[:limit]]
    return assets, assets[-1].id if len(rows) > limit else None


async def remove(tx: Transaction, account_id: str, asset_id: str) -> Asset:
    """Forget an asset and return what it was. Raises: NotFound."""
    values = {"account_id": account_id, "id": asset_id}
    row = await (await tx.execute(sql.remove, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no asset {asset_id!r} in this account.")
    return Asset(**row)


async def set_thumbnail(tx: Transaction, asset_id: str, key: str) -> None:
    """Note where an asset's picture is kept."""
    await tx.execute(sql.set_thumbnail, {"id": asset_id, "key": key})


async def source(tx: Transaction, account_id: str, url: str) -> Source | None:
    """Return what an address held when this account fetched it last."""
    values = {"account_id": account_id, "url_sha256": _digest(url), "fresh_s": FRESH_S}
    row = await (await tx.execute(sql.source, values)).fetchone()
    return None if row is None else Source(**row)


async def note_source(
    tx: Transaction, account_id: str, url: str, *, sha256: str, size: int, etag: str | None
) -> None:
    """Note what an address holds now."""
    values = {
        "account_id": account_id,
        "url_sha256": _digest(url),
        "url": url,
        "sha256": sha256,
        "size": size,
        "etag": etag,
    }
    await tx.execute(sql.note_source, values)


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
