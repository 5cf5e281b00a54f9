"""Many at once: claims, ends and cancellations that meet each other."""

import asyncio

import pytest

from queueing import (
    WAIT_S,
    end,
    ended,
    let_lease_end,
    new_job,
    put,
    states,
    take,
    take_one,
    wait_until_blocked,
)
from vidgenie.errors import LeaseLost
from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.queue import Job, Rescued
from vidgenie.services.renders import store, submit
from vidgenie.services.renders.model import Render, SubmitRequest

ERROR = {"code": "render_failed", "message": "no"}
EDIT = {
    "timeline": {"tracks": []},
    "output": {"format": "mp4", "resolution": "1080p", "fps": 30},
}


async def test_concurrent_claimers_never_get_the_same_job(db: Database) -> None:
    ids = await put(db, *(new_job(account_id=f"acc_{number % 3}") for number in range(60)))

    async def claim_all() -> list[int]:
        mine = []
        while (job := await take(db)) is not None:
            mine.append(job.id)
        return mine

    everyone = await asyncio.gather(*(claim_all() for _ in range(8)))
    claimed = [job_id for mine in everyone for job_id in mine]
    assert sorted(claimed) == sorted(job_id for job_id in ids if job_id is not None)


async def test_a_claim_under_way_holds_up_nobody(db: Database) -> None:
    await put(db, new_job("a"), new_job("b"))
    async with asyncio.timeout(WAIT_S), db.transaction() as tx:
        first = await queue.claim(tx, ["render"], worker="w", lease_s=60)
        second = await take_one(db)
    assert first is not None
    assert first.id != second.id


async def test_children_that_end_together_open_the_join_once(db: Database) -> None:
    count = 16
    async with db.transaction() as tx:
        children = [new_job(str(number), group_id="rnd_1") for number in range(count)]
        join = await queue.fan_out(tx, children, new_job("join", group_id="rnd_1"))
    jobs = [await take_one(db) for _ in range(count)]
    async with asyncio.timeout(WAIT_S):
        await asyncio.gather(*(end(db, job) for job in jobs))
    assert (await take_one(db)).id == join
    assert await take(db) is None


async def test_two_that_end_in_one_group_take_turns(db: Database) -> None:
    await put(db, new_job("a", group_id="rnd_1"), new_job("b", group_id="rnd_1"))
    first, second = await take_one(db), await take_one(db)
    async with db.transaction() as tx:
        await queue.finish(tx, first)
        other = asyncio.create_task(_fail(db, second))
        await wait_until_blocked(db, other)
        # Without a common order this waits for the row that the other one has just deleted.
        assert await queue.cancel(tx, "rnd_1") == 1
    async with asyncio.timeout(WAIT_S):
        assert await other
    assert sorted((await ended(db)).values()) == ["done", "failed"]


async def test_jobs_of_a_fan_out_under_way_are_called_off_too(db: Database) -> None:
    await put(db, new_job("plan", group_id="rnd_1"))
    plan = await take_one(db)
    async with db.transaction() as tx:
        await queue.finish(tx, plan)
        await queue.fan_out(tx, [new_job("0", group_id="rnd_1")], new_job("join", group_id="rnd_1"))
        other = asyncio.create_task(_cancel(db, "rnd_1"))
        await wait_until_blocked(db, other)
    async with asyncio.timeout(WAIT_S):
        assert await other == 0
    assert await states(db) == {}


async def test_rescue_leaves_a_group_alone_that_is_just_ending(db: Database) -> None:
    await put(db, new_job("a", group_id="rnd_1"), new_job("b", group_id="rnd_1"))
    await put(db, new_job("c", group_id="rnd_2"))
    first, second, third = [await take_one(db) for _ in range(3)]
    for job in (second, third):
        await let_lease_end(db, job)
    async with db.transaction() as tx:
        await queue.finish(tx, first)
        async with asyncio.timeout(WAIT_S):
            assert [found.job.id for found in await _rescue(db)] == [third.id]
    assert [found.job.id for found in await _rescue(db)] == [second.id]


async def test_a_rescue_and_a_late_finish_have_one_winner(db: Database) -> None:
    winners = set()
    for number in range(20):
        await put(db, new_job(str(number), group_id=f"rnd_{number}"))
        job = await take_one(db)
        await let_lease_end(db, job)
        outcome, rescued = await asyncio.gather(end(db, job), _rescue(db), return_exceptions=True)
        assert isinstance(rescued, list)
        assert isinstance(outcome, LeaseLost) is bool(rescued), "both won, or neither"
        winners.add(bool(rescued))
        if rescued:
            await end(db, await take_one(db))
    assert set((await ended(db)).values()) == {"done"}


@pytest.mark.parametrize("status", ["done", "failed"])
async def test_a_render_that_ends_while_it_is_called_off_ends_once(
    db: Database, status: str
) -> None:
    render = await _submitted(db)
    job = await take_one(db)
    async with db.transaction() as tx:
        if status == "done":
            await queue.finish(tx, job)
        else:
            await queue.fail(tx, job, ERROR, retry_in_s=None)
        other = asyncio.create_task(_cancel_render(db, render))
        await wait_until_blocked(db, other)
        # Here a cancellation that began with the render's row would be waited for.
        assert await store.end(tx, render.id, status, error=ERROR) is not None
    async with asyncio.timeout(WAIT_S):
        assert await other == "NotCancellable"
    async with db.transaction() as tx:
        assert (await store.get(tx, None, render.id)).status == status


async def _fail(db: Database, job: Job) -> bool:
    async with db.transaction() as tx:
        return await queue.fail(tx, job, ERROR, retry_in_s=None)


async def _cancel(db: Database, group_id: str) -> int:
    async with db.transaction() as tx:
        return await queue.cancel(tx, group_id)


async def _rescue(db: Database) -> list[Rescued]:
    async with db.transaction() as tx:
        return await queue.rescue(tx)


async def _submitted(db: Database) -> Render:
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO accounts (id, username, email, password_hash, callback_secret, status)"
            " VALUES ('acc_1', 'ada', 'ada@example.com', 'x', 'x', 'active')"
        )
        return await submit.submit(tx, SubmitRequest("acc_1", EDIT))


async def _cancel_render(db: Database, render: Render) -> str:
    try:
        async with db.transaction() as tx:
            return (await submit.cancel(tx, render.account_id, render.id)).status
    except Exception as error:
        return type(error).__name__
