"""A batch that is called off while its renders end, or twice at once: nobody waits for ever."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from queueing import WAIT_S, rows, take_one, wait_until_blocked
from serving import EMPTY_EDIT, render_tools
from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.renders import perform, store, variants
from vidgenie.services.renders.submit import announce
from vidgenie.services.renders.variants import NewBatch, accept
from vidgenie.services.storage.memory import MemoryStorage


@pytest.fixture
async def batch(db: Database) -> str:
    """A batch of four renders of which two run."""
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO accounts (id, username, email, password_hash, status, callback_secret)"
            " VALUES ('acc_1', 'one', 'one@example.com', '', 'active', '')"
        )
        accepted = [accept(index, EMPTY_EDIT) for index in range(4)]
        new = NewBatch("acc_1", "tpl_1", 1, accepted, ())
        return await variants.submit_batch(tx, new)


async def _cancel(db: Database, batch_id: str) -> None:
    async with db.transaction() as tx:
        await variants.cancel_batch(tx, "acc_1", batch_id)


async def test_a_render_ends_while_its_batch_is_called_off(db: Database, batch: str) -> None:
    jobs = [await take_one(db) for _ in range(2)]
    last = max(jobs, key=lambda job: str(job.group_id))
    async with asyncio.timeout(WAIT_S), db.transaction() as tx:
        await queue.finish(tx, last)
        other = asyncio.create_task(_cancel(db, batch))
        await wait_until_blocked(db, other)
        ended = await store.end(tx, str(last.group_id), "done")
        assert ended is not None
        await announce(tx, ended, link=str)
    async with asyncio.timeout(WAIT_S):
        await other
    assert await _ends(db) == {"done": 1, "cancelled": 3}
    assert [row["pending"] for row in await rows(db, "SELECT pending FROM batches")] == [0]


async def test_a_batch_is_called_off_twice_at_once(
    db: Database, batch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await take_one(db)
    find, halfway, go_on = store.unended, asyncio.Event(), asyncio.Event()

    async def unended(*given: Any) -> list[str]:
        if not halfway.is_set():
            halfway.set()
            await go_on.wait()
        return await find(*given)

    monkeypatch.setattr(store, "unended", unended)
    first = asyncio.create_task(_cancel(db, batch))
    async with asyncio.timeout(WAIT_S):
        await halfway.wait()
        second = asyncio.create_task(_cancel(db, batch))
        await wait_until_blocked(db, second)
        go_on.set()
        await asyncio.gather(first, second)
    assert await _ends(db) == {"cancelled": 4}


async def test_a_renders_parts_go_before_renders_that_wait(
    db: Database, batch: str, tmp_path: Path
) -> None:
    job = await take_one(db)
    tools = render_tools(db, MemoryStorage(), tmp_path)
    await perform.plan_render(tools, job, threading.Event())
    part = await take_one(db)
    assert (part.kind, part.group_id, part.since) == ("render_part", job.group_id, job.id)


async def _ends(db: Database) -> dict[str, int]:
    query = "SELECT status, count(*) AS count FROM renders GROUP BY status"
    return {row["status"]: row["count"] for row in await rows(db, query)}
