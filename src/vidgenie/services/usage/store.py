"""Every query of the usage room."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from vidgenie.services import queue
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements
from vidgenie.services.usage.model import Day, Quota, Used

sql = Statements(__package__)


async def note_ended(tx: Transaction, render_ids: Sequence[str]) -> None:
    """Count renders that ended, in the transaction in which they did."""
    await tx.execute(sql.note, {"ids": list(render_ids)})


async def days(tx: Transaction, account_id: str, first: date, last: date) -> list[Day]:
    """Return what ended on each day from `first` to `last`, both included; empty ones are left."""
    values = {"account_id": account_id, "first": first, "last": last}
    rows = await (await tx.execute(sql.days, values)).fetchall()
    return [Day(**row) for row in rows]


async def quota_of(tx: Transaction, account_id: str) -> Quota:
    """Return what an account may use: what was set for it, else what everybody may."""
    row = await (await tx.execute(sql.quota, {"account_id": account_id})).fetchone()
    return Quota() if row is None else Quota(**row)


async def set_quota(tx: Transaction, account_id: str, quota: Quota) -> None:
    """Say what an account may use."""
    await tx.execute(sql.set_quota, {"account_id": account_id, **asdict(quota)})
    await queue.limit(tx, "render", account_id, quota.concurrent_jobs)


async def drop_quota(tx: Transaction, account_id: str) -> None:
    """Let an account use what everybody may."""
    await tx.execute(sql.drop_quota, {"account_id": account_id})
    await queue.unlimit(tx, "render", account_id)


async def set_defaults(tx: Transaction, quota: Quota) -> None:
    """Say what accounts may use for which nothing is set."""
    changed = (await tx.execute(sql.set_defaults, asdict(quota))).rowcount
    if changed:
        await queue.limit(tx, "render", queue.EVERYBODY, quota.concurrent_jobs)


async def used_of(tx: Transaction, account_id: str) -> Used:
    """Return what an account uses now."""
    row = await (await tx.execute(sql.used, {"account_id": account_id})).fetchone()
    assert row is not None
    return Used(**row)
