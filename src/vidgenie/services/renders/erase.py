"""Erasing what a deleted account left: jobs, files, rows. May be stopped and begun again anywhere.

Files go before the rows that name them, so that nothing is forgotten while it is still there.
"""

from collections.abc import Awaitable, Callable
from typing import LiteralString

from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.db.sql import Statements
from vidgenie.services.queue import Job
from vidgenie.services.renders import reuse
from vidgenie.services.storage import Storage

sql = Statements(__package__)

SLICE = 500
"""Rows per transaction: a large account must not hold the database for minutes."""

ASK_AGAIN_S = 5.0
"""Running jobs hear within a heartbeat that they are to stop."""


async def erase_account(db: Database, storage: Storage, job: Job) -> None:
    """Erase an account that was deleted; put the job back while others of the account run.

    Raises: StorageError.
    """
    values = {"account_id": job.payload["account_id"], "limit": SLICE}
    async with db.transaction() as tx:
        await tx.execute(sql.erase_jobs, values)
        await tx.execute(sql.stop_jobs, values)
        row = await (await tx.execute(sql.jobs_left, values)).fetchone()
        if row is not None and row["count"]:
            await queue.snooze(tx, job, ASK_AGAIN_S)
            return

    async def erase_render(render_id: str) -> None:
        await _sweep(storage, f"renders/{render_id}")

    async def erase_chunk(key: str) -> None:
        await storage.delete(reuse.object_of(key))

    await _slices(db, sql.erase_renders, sql.drop_renders, erase=erase_render, values=values)
    await _slices(db, sql.erase_chunks, sql.drop_chunks, erase=erase_chunk, values=values)
    for statement in (sql.drop_events, sql.drop_audit, sql.drop_finished):
        while await _drop(db, statement, values):
            pass
    async with db.transaction() as tx:
        await tx.execute(sql.drop_account, values)
    for room in ("assets", "sources"):  # last: an upload may have been under way
        await _sweep(storage, f"{room}/{values['account_id']}")
    async with db.transaction() as tx:
        await queue.finish(tx, job)


async def _slices(
    db: Database,
    find: LiteralString,
    drop: LiteralString,
    *,
    erase: Callable[[str], Awaitable[None]],
    values: dict[str, object],
) -> None:
    """Erase the files of rows, then the rows, a slice at a time, until none is left."""
    while True:
        async with db.transaction() as tx:
            rows = await (await tx.execute(find, values)).fetchall()
        names = [str(value) for row in rows for value in row.values()]
        if not names:
            return
        for name in names:
            await erase(name)
        async with db.transaction() as tx:
            await tx.execute(drop, {"ids": names})


async def _drop(db: Database, statement: LiteralString, values: dict[str, object]) -> int:
    async with db.transaction() as tx:
        return (await tx.execute(statement, values)).rowcount


async def _sweep(storage: Storage, prefix: str) -> None:
    """Delete every object under a prefix."""
    for key in [stored.key async for stored in storage.list(prefix)]:
        await storage.delete(key)
