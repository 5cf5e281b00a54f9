"""A worker takes back what dead ones left, together with the end of what was given up."""

import asyncio
from collections.abc import Sequence

from queueing import WAIT_S, ended, let_lease_end, new_job, put, states, take_one
from vidgenie.edges.worker.loop import Worker, WorkerSettings
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.queue import Job

SETTINGS = WorkerSettings("tests", poll_s=0.05, rescue_every_s=0.01)


async def test_giving_up_and_its_consequence_happen_together_or_are_tried_again(
    db: Database,
) -> None:
    await put(db, new_job("last", attempts_max=1, account_id="acc_1", queue="upkeep"))
    job = await take_one(db, queues=["upkeep"])
    await let_lease_end(db, job)
    seen: list[int] = []
    states_between: list[dict[str, str]] = []
    is_done = asyncio.Event()

    async def given_up(tx: Transaction, jobs: Sequence[Job]) -> None:
        seen.extend(found.id for found in jobs)
        if len(seen) == 1:
            raise KeyError("the first try fails for a reason nobody thought of")
        states_between.append(await states(db))
        is_done.set()

    worker = Worker(db, {}, given_up, SETTINGS)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(WAIT_S):
        await is_done.wait()
        while not await ended(db):
            assert not running.done()
        worker.stop()
        await running
    assert seen == [job.id, job.id]
    assert states_between == [{"last": "running"}], "nothing of the first try stayed"
    assert await ended(db) == {job.id: "failed"}
