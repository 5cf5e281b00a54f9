"""Retention: what ended long ago goes, files before the rows that name them.

Every API process sweeps; two that do it at once delete the same things twice, which is no harm.
"""

from typing import Any

from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.renders.erase import SLICE, delete_files, slices, sql
from vidgenie.services.storage import Storage

SOURCE_TTL_S = 7 * 86_400.0
"""A fetched source that no render has asked for in a week is fetched anew when one does."""


async def sweep(db: Database, storage: Storage, *, render_ttl_s: float) -> None:
    """Delete renders that ended `render_ttl_s` ago, with their batches, and old sources and jobs.

    Raises: StorageError, Unavailable; the next sweep goes on where this one ended.
    """
    values: dict[str, Any] = {
        "ttl_s": render_ttl_s,
        "source_ttl_s": SOURCE_TTL_S,
        "limit": SLICE,
    }

    async def erase_render(render_id: str) -> None:
        await delete_files(storage, f"renders/{render_id}")

    async def erase_source(name: str) -> None:
        await storage.delete(f"sources/{name}")

    await slices(db, sql.old_renders, sql.drop_renders, erase=erase_render, values=values)
    await slices(db, sql.old_files, sql.drop_files, erase=erase_render, values=values)
    await slices(db, sql.old_sources, sql.drop_sources, erase=erase_source, values=values)
    async with db.transaction() as tx:
        await tx.execute(sql.old_batches, values)
        await queue.forget(tx)
