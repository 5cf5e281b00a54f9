"""Erasing a render, or what a deleted account left. May be stopped and begun again anywhere.

Files go before the rows that name them, so that nothing is forgotten while it is still there.
"""

from collections.abc import Awaitable, Callable
from typing import LiteralString

from vidgenie.errors import Conflict
from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.db.sql import Statements
from vidgenie.services.queue import Job
from vidgenie.services.renders import reuse, store
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

    async def erase_files(render_id: str) -> None:
        await delete_files(storage, f"renders/{render_id}")

    async def erase_chunk(key: str) -> None:
        await storage.delete(reuse.object_of(key))

    await slices(db, sql.erase_renders, sql.drop_renders, erase=erase_files, values=values)
    await slices(db, sql.erase_chunks, sql.drop_chunks, erase=erase_chunk, values=values)
    for statement in (sql.drop_events, sql.drop_audit, sql.drop_finished):
        await drop_all(db, statement, values)
    async with db.transaction() as tx:
        await tx.execute(sql.drop_account, values)
        await queue.unlimit(tx, "render", job.payload["account_id"])
    for room in ("assets", "sources"):  # last: an upload may have been under way
        await delete_files(storage, f"{room}/{values['account_id']}")
    async with db.transaction() as tx:
        await queue.finish(tx, job)


async def erase_render(db: Database, storage: Storage, account_id: str, render_id: str) -> None:
    """Delete a render that has ended: its video, poster and thumbnail, then its row.

    Raises: NotFound; Conflict while it is under way; StorageError.
    """
    async with db.transaction() as tx:
        render = await store.get(tx, account_id, render_id)
    if not render.has_ended:
        raise Conflict(f"Render {render.id} is {render.status}; cancel it first: render.cancel.")
    await delete_files(storage, f"renders/{render.id}")
    async with db.transaction() as tx:
        await tx.execute(sql.drop_renders, {"ids": [render.id]})


async def slices(
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


async def drop_all(db: Database, statement: LiteralString, values: dict[str, object]) -> None:
    """Delete rows by a statement that takes a slice, until it finds none."""
    is_more = True
    while is_more:
        async with db.transaction() as tx:
            is_more = (await tx.execute(statement, values)).rowcount > 0


async def delete_files(storage: Storage, prefix: str) -> None:
    """Delete every object under a prefix."""
    for key in [stored.key async for stored in storage.list(prefix)]:
        await storage.delete(key)
