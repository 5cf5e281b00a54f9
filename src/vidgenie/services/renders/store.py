"""Every query of the renders room."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from vidgenie.errors import NotFound
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements
from vidgenie.services.renders.model import Part, Render, Status, SubmitRequest

sql = Statements(__package__)


async def insert(
    tx: Transaction,
    request: SubmitRequest,
    *,
    metadata: Mapping[str, Any] | None,
    priority: int,
    callback: str | None,
) -> Render:
    """Record an accepted edit."""
    values = {
        "id": new_id("rnd"),
        "account_id": request.account_id,
        "document": Jsonb(request.document),
        "metadata": None if metadata is None else Jsonb(metadata),
        "priority": priority,
        "callback": callback,
        "template_id": request.template_id,
        "template_version": request.template_version,
        "door": None if request.door is None else Jsonb(request.door),
        "warnings": Jsonb(list(request.warnings)),
    }
    row = await (await tx.execute(sql.insert, values)).fetchone()
    assert row is not None
    return _render(row)


async def get(tx: Transaction, account_id: str | None, render_id: str) -> Render:
    """Return one render; an `account_id` of None is for our own workers.

    Raises: NotFound, also for another account's render.
    """
    values = {"id": render_id, "account_id": account_id}
    row = await (await tx.execute(sql.get, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no render {render_id!r} in this account.")
    return _render(row)


async def page(
    tx: Transaction,
    account_id: str,
    *,
    limit: int,
    cursor: str | None,
    status: Status | None = None,
    batch_id: str | None = None,
) -> tuple[list[Render], str | None]:
    """Return an account's renders, newest first, and the cursor of the next page."""
    values = {
        "account_id": account_id,
        "cursor": cursor,
        "status": status,
        "batch_id": batch_id,
        "limit": limit + 1,
    }
    rows = await (await tx.execute(sql.page, values)).fetchall()
    renders = [_render(row) for row in rows[:limit]]
    return renders, renders[-1].id if len(rows) > limit else None


async def cancel_waiting(tx: Transaction, batch_id: str) -> list[Render]:
    """Call off a batch's renders that no worker has begun; return them."""
    rows = await (await tx.execute(sql.cancel_waiting, {"batch_id": batch_id})).fetchall()
    return [_render(row) for row in rows]


async def unended(tx: Transaction, batch_id: str) -> list[str]:
    """Return the ids of a batch's renders that have not ended."""
    rows = await (await tx.execute(sql.unended, {"batch_id": batch_id})).fetchall()
    return [row["id"] for row in rows]


async def start(tx: Transaction, render_id: str, *, attempts: int) -> bool:
    """Note that an attempt begins; False when the render has ended meanwhile."""
    cursor = await tx.execute(sql.start, {"id": render_id, "attempts": attempts})
    return cursor.rowcount == 1


async def planned(
    tx: Transaction,
    render_id: str,
    *,
    sources: Mapping[str, Any],
    warnings: Sequence[Mapping[str, Any]],
    timings: Mapping[str, float],
) -> bool:
    """Note what was found out and planned; False when the render has ended meanwhile."""
    values = {
        "id": render_id,
        "sources": Jsonb(sources),
        "warnings": Jsonb(list(warnings)),
        "timings": Jsonb(timings),
    }
    return (await tx.execute(sql.planned, values)).rowcount == 1


async def saving(tx: Transaction, render_id: str) -> bool:
    """Note that all parts are made; False when the render has ended meanwhile."""
    return (await tx.execute(sql.saving, {"id": render_id})).rowcount == 1


async def count_attempt(tx: Transaction, render_id: str, attempts: int) -> None:
    """Note that some part of the render is tried for the so-manieth time."""
    await tx.execute(sql.attempts, {"id": render_id, "attempts": attempts})


async def end(
    tx: Transaction,
    render_id: str,
    status: Status,
    *,
    output: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
    timings: Mapping[str, float] | None = None,
    cache: Mapping[str, int] | None = None,
) -> Render | None:
    """End a render; None when it had ended before (nothing is changed then)."""
    values = {
        "id": render_id,
        "status": status,
        "output": None if output is None else Jsonb(output),
        "error": None if error is None else Jsonb(error),
        "timings": Jsonb(timings or {}),
        "cache": None if cache is None else Jsonb(cache),
    }
    row = await (await tx.execute(sql.end, values)).fetchone()
    if row is None:
        return None
    if status == "done":
        await tx.execute(sql.complete, {"render_id": render_id})
    return _render(row)


async def forget_file(tx: Transaction, render_id: str, member: str) -> None:
    """Note that the file which this member of the output names was deleted."""
    await tx.execute(sql.forget_file, {"id": render_id, "member": member})


async def set_copy(
    tx: Transaction, render_id: str, index: int, change: Mapping[str, Any]
) -> Render | None:
    """Change what a render's output says of its copy number `index`; None when it is gone."""
    values = {"id": render_id, "index": str(index), "change": Jsonb(change)}
    row = await (await tx.execute(sql.set_copy, values)).fetchone()
    return None if row is None else _render(row)


async def keep_until(tx: Transaction, render_id: str, ttl_s: float) -> None:
    """Keep a render's files for so many seconds only."""
    await tx.execute(sql.keep_until, {"id": render_id, "ttl_s": ttl_s})


async def insert_parts(tx: Transaction, render_id: str, frames: Mapping[int, int]) -> None:
    """Record the parts of a plan: number → frames."""
    for part, total in frames.items():
        values = {"render_id": render_id, "part": part, "frames_total": total}
        await tx.execute(sql.insert_part, values)


async def finish_part(
    tx: Transaction, render_id: str, part: int, *, key: str, stats: Mapping[str, Any]
) -> None:
    """Record where a part's file is kept."""
    values = {"render_id": render_id, "part": part, "key": key, "stats": Jsonb(stats)}
    await tx.execute(sql.finish_part, values)
    await tx.execute(sql.progress, {"render_id": render_id})


async def parts(tx: Transaction, render_id: str) -> list[Part]:
    """Return a render's parts in order, the sound first."""
    rows = await (await tx.execute(sql.parts, {"render_id": render_id})).fetchall()
    return [Part(**row) for row in rows]


async def advance(tx: Transaction, render_id: str, part: int, frames_done: int) -> None:
    """Note how many frames of a part are finished."""
    values = {"render_id": render_id, "part": part, "frames_done": frames_done}
    await tx.execute(sql.advance_part, values)
    await tx.execute(sql.progress, {"render_id": render_id})


async def may_tell_progress(tx: Transaction, render_id: str, *, pause_s: float) -> bool:
    """Tell whether a running render's progress may be told; if so, not again within the pause."""
    values = {"render_id": render_id, "pause_s": pause_s}
    return (await tx.execute(sql.tell_progress, values)).rowcount == 1


def _render(row: Mapping[str, Any]) -> Render:
    return Render(**{**row, "warnings": tuple(row["warnings"])})
