"""Jobs for tests of the queue: made, claimed and looked at in one line each."""

import asyncio
from collections.abc import Sequence
from typing import Any

from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.queue import Job, NewJob

WAIT_S = 10.0
"""Longest wait for anything that should happen at once."""


def new_job(name: str = "", **fields: Any) -> NewJob:
    """Return a render job whose payload says its name."""
    return NewJob(**{"kind": "test", "queue": "render", "payload": {"name": name}, **fields})


async def put(db: Database, *jobs: NewJob) -> list[int | None]:
    """Let jobs enter, in one transaction."""
    async with db.transaction() as tx:
        return [await queue.enqueue(tx, job) for job in jobs]


async def take(
    db: Database, *, queues: Sequence[str] = ("render",), worker: str = "w", lease_s: float = 60
) -> Job | None:
    """Claim a job, in a transaction of its own."""
    async with db.transaction() as tx:
        return await queue.claim(tx, queues, worker=worker, lease_s=lease_s)


async def take_one(db: Database, **how: Any) -> Job:
    """Claim a job that must be there."""
    job = await take(db, **how)
    assert job is not None, "there is nothing to claim"
    return job


async def end(db: Database, job: Job) -> None:
    """Finish a job, in a transaction of its own."""
    async with db.transaction() as tx:
        await queue.finish(tx, job)


async def rows(db: Database, query: str, *values: Any) -> list[dict[str, Any]]:
    """Return what a query of the test itself finds."""
    async with db.transaction() as tx:
        return await (await tx.execute(query.encode(), values)).fetchall()


async def states(db: Database) -> dict[str, str]:
    """Return the state of every job that has not ended, by its name."""
    found = await rows(db, "SELECT payload->>'name' AS name, status FROM jobs")
    return {row["name"]: row["status"] for row in found}


async def ended(db: Database) -> dict[int, str]:
    """Return how every ended job ended."""
    found = await rows(db, "SELECT id, status FROM jobs_finished")
    return {row["id"]: row["status"] for row in found}


async def let_lease_end(db: Database, job: Job) -> None:
    """Make a lease be over now."""
    await rows(
        db,
        "UPDATE jobs SET lease_until = now() - interval '1 s' WHERE id = %s RETURNING id",
        job.id,
    )


async def wait_until_blocked(db: Database, work: asyncio.Task[Any]) -> None:
    """Return once a task's transaction waits for a lock that another one holds."""
    async with asyncio.timeout(WAIT_S):
        while not await rows(
            db,
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'",
        ):
            assert not work.done(), "the task waited for nobody"
