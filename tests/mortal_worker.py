"""A worker that says where it is and stays there to be killed; run as a script by a test.

Every job leaves one row in `results`, in the transaction of its end. A job's payload says where its
first attempt holds: `claimed`, `ending` (all written, nothing committed), or `stopped`, which goes
on when the process is continued.
"""

import asyncio
import os
import signal
import sys

from vidgenie.errors import LeaseLost
from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.queue import Job, NewJob

LEASE_S = 0.5
ATTEMPTS_MAX = 50
PARTS = 3


async def main(url: str) -> None:
    """Work until killed."""
    async with Database(url, size_max=2) as db:
        while True:
            async with db.transaction() as tx:
                job = await queue.claim(tx, ["render"], worker=str(os.getpid()), lease_s=LEASE_S)
            if job is None:
                await asyncio.sleep(0.05)
                continue
            try:
                await perform(db, job)
            except LeaseLost:
                say("refused", job)


async def perform(db: Database, job: Job) -> None:
    """Do a job, or hold on the way."""
    hold = job.payload["hold"] if job.attempt == 1 else None
    if hold == "claimed":
        say("holding", job)
        signal.pause()
    if hold == "stopped":
        say("holding", job)
        os.kill(os.getpid(), signal.SIGSTOP)
    async with db.transaction() as tx:
        await tx.execute("INSERT INTO results (name) VALUES (%s)", (job.payload["name"],))
        if job.kind == "plan":
            group = job.payload["name"]
            parts = [part(group, number) for number in range(PARTS)]
            await queue.fan_out(tx, parts, new_job("join", f"{group}/join", "ending"))
        await queue.finish(tx, job)
        if hold == "ending":
            say("holding", job)
            signal.pause()


def part(group: str, number: int) -> NewJob:
    """Return a part's job; the first one holds."""
    return new_job("part", f"{group}/{number}", "claimed" if number == 0 else None)


def new_job(kind: str, name: str, hold: str | None) -> NewJob:
    """Return a job of these tests."""
    return NewJob(
        kind=kind,
        queue="render",
        payload={"name": name, "hold": hold},
        group_id=name.partition("/")[0],
        attempts_max=ATTEMPTS_MAX,
    )


def say(word: str, job: Job) -> None:
    """Tell the test, at once."""
    print(word, job.payload["name"], job.payload["hold"], flush=True)  # the test reads


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
