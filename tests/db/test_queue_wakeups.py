"""How a worker hears of new jobs, and how it keeps, or loses, the one it has."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest

from queueing import WAIT_S, end, let_lease_end, new_job, put, rows, take_one
from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.queue import LeaseKeeper

LEASE_S = 2.0
"""Renewed every 0.2 s."""


@asynccontextmanager
async def listening(db: Database) -> AsyncIterator[asyncio.Queue[str]]:
    """Listen as a worker does; what it hears is put into the queue."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(queue.listen(db.url, heard.put_nowait))
    try:
        assert await _next(heard) == "", "listening begins with a look around"
        yield heard
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _next(heard: asyncio.Queue[str]) -> str:
    return await asyncio.wait_for(heard.get(), WAIT_S)


async def test_one_wake_up_per_queue_and_transaction(db: Database) -> None:
    async with listening(db) as heard:
        await put(db, new_job(), new_job(), new_job(queue="mail"), new_job())
        await put(db, new_job(queue="delivery"))
        assert [await _next(heard) for _ in range(3)] == ["render", "mail", "delivery"]


async def test_a_join_that_becomes_ready_wakes(db: Database) -> None:
    async with db.transaction() as tx:
        await queue.fan_out(tx, [new_job()], new_job(queue="delivery"))
    job = await take_one(db)
    async with listening(db) as heard:
        await end(db, job)
        assert await _next(heard) == "delivery"


async def test_a_rescued_job_wakes(db: Database) -> None:
    await put(db, new_job())
    job = await take_one(db)
    await let_lease_end(db, job)
    async with listening(db) as heard:
        async with db.transaction() as tx:
            await queue.rescue(tx)
        assert await _next(heard) == "render"


async def test_a_lost_connection_is_made_anew(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidgenie.services.queue.wakeups.RECONNECT_S", 0.01)
    async with listening(db) as heard:
        await rows(
            db,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query = 'LISTEN vidgenie_jobs'",
        )
        assert await _next(heard) == "", "jobs may have come meanwhile"
        await put(db, new_job())
        assert await _next(heard) == "render"


async def test_a_kept_lease_outlives_its_first_end(db: Database) -> None:
    await put(db, new_job())
    job = await take_one(db, lease_s=LEASE_S)
    stopped = threading.Event()
    with LeaseKeeper(db.url, job, lease_s=LEASE_S, on_stop=stopped.set) as keeper:
        await _until(db, "SELECT 1 WHERE clock_timestamp() > %s", job.lease_until)
        async with db.transaction() as tx:
            assert await queue.rescue(tx) == []
    assert not stopped.is_set()
    assert (keeper.is_lost, keeper.is_cancelled) == (False, False)


async def test_a_cancellation_reaches_the_worker_with_the_heartbeat(db: Database) -> None:
    await put(db, new_job(group_id="rnd_1"))
    job = await take_one(db, lease_s=LEASE_S)
    stopped = threading.Event()
    with LeaseKeeper(db.url, job, lease_s=LEASE_S, on_stop=stopped.set) as keeper:
        async with db.transaction() as tx:
            await queue.cancel(tx, "rnd_1")
        assert await asyncio.to_thread(stopped.wait, WAIT_S)
        assert (keeper.is_lost, keeper.is_cancelled) == (False, True)


async def test_a_job_that_was_taken_stops_its_old_worker(db: Database) -> None:
    await put(db, new_job())
    job = await take_one(db, lease_s=60)
    stopped = threading.Event()
    with LeaseKeeper(db.url, job, lease_s=LEASE_S, on_stop=stopped.set) as keeper:
        await let_lease_end(db, job)
        async with db.transaction() as tx:
            await queue.rescue(tx)
        assert await asyncio.to_thread(stopped.wait, WAIT_S)
        assert (keeper.is_lost, keeper.is_cancelled) == (True, False)


async def test_a_worker_that_hears_nothing_stops_before_its_lease_is_over(db: Database) -> None:
    await put(db, new_job())
    job = await take_one(db, lease_s=LEASE_S)
    assert job.lease_until is not None
    stopped = threading.Event()
    left_s: list[float] = []

    def stop() -> None:
        with psycopg.connect(db.url) as connection:
            row = connection.execute(
                "SELECT extract(epoch FROM %s - clock_timestamp())::float", (job.lease_until,)
            ).fetchone()
        left_s.append(row[0] if row else -1.0)
        stopped.set()

    async with db.transaction() as tx:
        await tx.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")
        with LeaseKeeper(db.url, job, lease_s=LEASE_S, on_stop=stop) as keeper:
            assert await asyncio.to_thread(stopped.wait, WAIT_S)
            assert keeper.is_lost
    assert left_s[0] > 0


async def test_a_worker_without_a_database_stops_before_its_lease_is_over(db: Database) -> None:
    await put(db, new_job())
    job = await take_one(db, lease_s=LEASE_S)
    stopped = threading.Event()
    nowhere = "postgresql://postgres@/vidgenie?host=/nonexistent"
    with LeaseKeeper(nowhere, job, lease_s=LEASE_S, on_stop=stopped.set) as keeper:
        assert await asyncio.to_thread(stopped.wait, WAIT_S)
        assert keeper.is_lost


async def test_a_connection_that_breaks_is_made_anew_in_time(db: Database) -> None:
    await put(db, new_job())
    job = await take_one(db, lease_s=2.0)
    stopped = threading.Event()
    with LeaseKeeper(db.url, job, lease_s=2.0, on_stop=stopped.set):
        await _until(db, "SELECT 1 FROM jobs WHERE lease_until > %s", job.lease_until)
        [first] = await rows(
            db,
            "SELECT lease_until, pg_terminate_backend(pid) FROM jobs, pg_stat_activity"
            " WHERE query LIKE '-- Renew a lease%%'",
        )
        await _until(db, "SELECT 1 FROM jobs WHERE lease_until > %s", first["lease_until"])
    assert not stopped.is_set()


async def _until(db: Database, query: str, *values: object) -> None:
    async with asyncio.timeout(WAIT_S):
        while not await rows(db, query, *values):
            pass
