"""Workers that die in the middle: no job is lost, none is done twice."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

import mortal_worker
from mortal_worker import LEASE_S, PARTS, new_job
from queueing import put, rows
from vidgenie.services import queue
from vidgenie.services.db.pool import Database

GROUPS = 3
WORKERS = 3
LIMIT_S = 40.0
"""Usually three; a loaded machine may take its time."""


class Mortals:
    """Workers that are killed where they hold, each with a successor."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.killed: list[str] = []
        self.stopped: list[Process] = []
        self.refused = asyncio.Event()
        self._all: list[Process] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start a worker and follow what it says."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, mortal_worker.__file__, self.db.url, stdout=PIPE
        )
        self._all.append(process)
        self._tasks.append(asyncio.create_task(self._follow(process)))

    async def _follow(self, process: Process) -> None:
        assert process.stdout is not None
        while line := (await process.stdout.readline()).decode().split():
            word, name, hold = line
            if word == "refused" and process in self.stopped:
                self.refused.set()
            if word == "holding" and hold == "stopped":
                self.stopped.append(process)
                await self.start()
            elif word == "holding":
                process.kill()
                await process.wait()
                self.killed.append(name)
                await self.start()

    async def stop(self) -> None:
        """End all that still live."""
        for process in self._all:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
async def mortals(db: Database) -> AsyncIterator[Mortals]:
    async with _results(db):
        crowd = Mortals(db)
        try:
            for _ in range(WORKERS):
                await crowd.start()
            yield crowd
        finally:
            await crowd.stop()


@asynccontextmanager
async def _results(db: Database) -> AsyncIterator[None]:
    async with db.transaction() as tx:
        await tx.execute("CREATE TABLE results (name text NOT NULL)")
    try:
        yield
    finally:
        async with db.transaction() as tx:
            await tx.execute("DROP TABLE results")


async def _rescue_until_done(db: Database, count: int) -> int:
    """Rescue as workers do until so many jobs have ended; return how many were rescued."""
    rescued = 0
    woken = asyncio.Event()
    listener = asyncio.create_task(queue.listen(db.url, lambda _: woken.set()))
    try:
        async with asyncio.timeout(LIMIT_S):
            while (await rows(db, "SELECT count(*) AS n FROM jobs_finished"))[0]["n"] < count:
                async with db.transaction() as tx:
                    rescued += len(await queue.rescue(tx))
                woken.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), LEASE_S / 4)
    finally:
        listener.cancel()
    return rescued


async def test_workers_killed_in_the_middle_lose_and_double_nothing(
    db: Database, mortals: Mortals
) -> None:
    await put(db, *(new_job("plan", f"rnd_{number}", "ending") for number in range(GROUPS)))
    count = GROUPS * (1 + PARTS + 1)
    rescued = await _rescue_until_done(db, count)

    holding = {f"rnd_{number}{rest}" for number in range(GROUPS) for rest in ("", "/0", "/join")}
    assert set(mortals.killed) == holding
    assert rescued >= len(holding)
    results = [row["name"] for row in await rows(db, "SELECT name FROM results")]
    assert len(results) == len(set(results)) == count
    finished = await rows(db, "SELECT status, attempt FROM jobs_finished")
    assert {row["status"] for row in finished} == {"done"}
    assert sum(row["attempt"] > 1 for row in finished) >= len(holding)
    assert await rows(db, "SELECT 1 FROM jobs") == []


async def test_a_worker_that_slept_through_its_lease_is_refused(
    db: Database, mortals: Mortals
) -> None:
    await put(db, new_job("part", "rnd_1", "stopped"))
    await _rescue_until_done(db, 1)
    [asleep] = mortals.stopped
    asleep.send_signal(signal.SIGCONT)
    async with asyncio.timeout(LIMIT_S):
        await mortals.refused.wait()
    assert [row["name"] for row in await rows(db, "SELECT name FROM results")] == ["rnd_1"]
    [finished] = await rows(db, "SELECT status, attempt FROM jobs_finished")
    assert finished == {"status": "done", "attempt": 2}
