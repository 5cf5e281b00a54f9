"""Rate limits: the generic cell rate algorithm in one UPSERT (ITU-T I.371)."""

from dataclasses import dataclass
from math import ceil

from vidgenie.errors import RateLimited
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.db.sql import Statements

sql = Statements(__package__)


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` calls at once, then one every `every_s` seconds."""

    burst: int
    every_s: float


async def take(db: Database, key: str, rate: Rate, *, what: str) -> None:
    """Count one call against a limit. Raises: RateLimited."""
    async with db.connection() as connection:
        await count(connection, key, rate, what=what)


async def count(connection: Transaction, key: str, rate: Rate, *, what: str) -> None:
    """Count one call against a limit, on a connection that has no transaction open.

    A refused call must stay counted, whatever becomes of the caller's own work.
    Raises: RateLimited, saying what there was too much of and when to come back.
    """
    values = {"key": key, "every_s": rate.every_s, "burst": rate.burst}
    if await (await connection.execute(sql.take, values)).fetchone() is not None:
        return
    row = await (await connection.execute(sql.wait, values)).fetchone()
    wait = max(1, ceil(row["wait_s"] if row else rate.every_s))
    raise RateLimited(f"Too many {what}; try again in {wait} s.", retry_after_s=wait)


async def forget(db: Database) -> None:
    """Remove limits that no longer hold anybody, and idempotency keys after their day."""
    async with db.transaction() as tx:
        await tx.execute(sql.forget)
        await tx.execute(sql.forget_keys)
