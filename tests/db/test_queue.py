"""The states of a job: every verb, what it allows, and what it refuses."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from queueing import end, ended, let_lease_end, new_job, put, rows, states, take, take_one
from vidgenie.errors import LeaseLost
from vidgenie.services import queue
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.queue import Job

ERROR = {"code": "render_failed", "message": "no"}

Verb = Callable[[Transaction, Job], Awaitable[object]]
VERBS: dict[str, Verb] = {
    "finish": queue.finish,
    "drop": queue.drop,
    "snooze": lambda tx, job: queue.snooze(tx, job, 0),
    "fail": lambda tx, job: queue.fail(tx, job, ERROR, retry_in_s=None),
    "retry": lambda tx, job: queue.fail(tx, job, ERROR, retry_in_s=0),
}


async def test_a_claimed_job_is_what_was_put_in(db: Database) -> None:
    [job_id] = await put(db, new_job("a", account_id="acc_1", group_id="rnd_1", attempts_max=5))
    job = await take_one(db, worker="host:1", lease_s=30)
    assert (job.id, job.kind, job.queue, job.payload) == (job_id, "test", "render", {"name": "a"})
    assert (job.account_id, job.group_id) == ("acc_1", "rnd_1")
    assert (job.attempt, job.attempts_max) == (1, 5)
    [row] = await rows(
        db,
        "SELECT worker, extract(epoch FROM lease_until - now())::float AS left_s FROM jobs"
        " WHERE id = %s",
        job.id,
    )
    assert row["worker"] == "host:1"
    assert 25 < row["left_s"] <= 30
    assert await take(db) is None


async def test_a_finished_job_is_remembered_and_gone(db: Database) -> None:
    [job_id] = await put(db, new_job("a"))
    await end(db, await take_one(db))
    assert await states(db) == {}
    assert await ended(db) == {job_id: "done"}


async def test_higher_priority_first_then_older_first(db: Database) -> None:
    await put(db, new_job("old"), new_job("new"), new_job("urgent", priority=5))
    assert [(await take_one(db)).payload["name"] for _ in range(3)] == ["urgent", "old", "new"]


async def test_each_queue_has_its_own_jobs(db: Database) -> None:
    await put(db, new_job("letter", queue="mail"))
    assert await take(db, queues=("render", "delivery")) is None
    assert (await take_one(db, queues=("delivery", "mail"))).payload["name"] == "letter"


async def test_a_delayed_job_waits_for_its_time(db: Database) -> None:
    [job_id] = await put(db, new_job("later", delay_s=60))
    assert await take(db) is None
    await rows(db, "UPDATE jobs SET run_at = now() WHERE id = %s RETURNING id", job_id)
    assert (await take_one(db)).id == job_id


async def test_a_delayed_job_does_not_hold_up_its_account(db: Database) -> None:
    await put(db, *(new_job("later", delay_s=60) for _ in range(20)), new_job("now"))
    assert (await take_one(db)).payload["name"] == "now"


async def test_a_job_that_was_rolled_back_never_was(db: Database) -> None:
    async def change_the_mind() -> None:
        async with db.transaction() as tx:
            await queue.enqueue(tx, new_job("a"))
            raise RuntimeError("no, rather not")

    with pytest.raises(RuntimeError):
        await change_the_mind()
    assert await take(db) is None


async def test_a_unique_job_is_there_once_until_it_ends(db: Database) -> None:
    first, second = await put(db, new_job(unique_key="k"), new_job(unique_key="k"))
    assert first is not None
    assert second is None
    job = await take_one(db)
    assert await put(db, new_job(unique_key="k")) == [None]
    await end(db, job)
    [again] = await put(db, new_job(unique_key="k"))
    assert again is not None


async def test_a_snooze_does_not_count_as_an_attempt(db: Database) -> None:
    await put(db, new_job("a", attempts_max=1))
    for _ in range(3):
        job = await take_one(db)
        assert job.attempt == 1
        async with db.transaction() as tx:
            assert await queue.snooze(tx, job, 0)
    job = await take_one(db)
    async with db.transaction() as tx:
        await queue.snooze(tx, job, 60)
    assert await take(db) is None


async def test_a_failed_job_is_tried_again_later_and_keeps_its_error(db: Database) -> None:
    await put(db, new_job("a"))
    job = await take_one(db)
    async with db.transaction() as tx:
        assert not await queue.fail(tx, job, ERROR, retry_in_s=60)
    assert await take(db) is None
    [row] = await rows(
        db,
        "UPDATE jobs SET run_at = now() RETURNING last_error, token, worker",
    )
    assert row == {"last_error": ERROR, "token": None, "worker": None}
    assert (await take_one(db)).attempt == 2


async def test_no_attempt_after_the_last_one(db: Database) -> None:
    [job_id] = await put(db, new_job("a", attempts_max=2))
    for is_last in (False, True):
        job = await take_one(db)
        async with db.transaction() as tx:
            assert await queue.fail(tx, job, ERROR, retry_in_s=0) is is_last
    [row] = await rows(db, "SELECT id, status, attempt, error FROM jobs_finished")
    assert row == {"id": job_id, "status": "failed", "attempt": 2, "error": ERROR}
    assert await take(db) is None


@pytest.mark.parametrize("name", sorted(VERBS))
async def test_a_worker_that_lost_its_job_may_not_speak_for_it(db: Database, name: str) -> None:
    await put(db, new_job("a", group_id="rnd_1"), new_job("b", group_id="rnd_1"))
    stale = await take_one(db)
    await let_lease_end(db, stale)
    async with db.transaction() as tx:
        await queue.rescue(tx)
    fresh = await take_one(db)
    assert (fresh.id, fresh.attempt) == (stale.id, 2)
    assert fresh.token != stale.token

    async def speak() -> None:
        async with db.transaction() as tx:
            await queue.enqueue(tx, new_job("result"))
            await VERBS[name](tx, stale)

    with pytest.raises(LeaseLost):
        await speak()
    assert await states(db) == {"a": "running", "b": "ready"}, "nothing of the stale worker stays"
    await end(db, fresh)


@pytest.mark.parametrize("name", sorted(VERBS))
async def test_an_ended_job_cannot_end_again(db: Database, name: str) -> None:
    await put(db, new_job("a"))
    job = await take_one(db)
    await end(db, job)
    with pytest.raises(LeaseLost):
        async with db.transaction() as tx:
            await VERBS[name](tx, job)
    assert await ended(db) == {job.id: "done"}


async def test_the_last_child_makes_the_joining_job_ready(db: Database) -> None:
    async with db.transaction() as tx:
        join = await queue.fan_out(tx, [new_job("0"), new_job("1")], new_job("join"))
    first, second = await take_one(db), await take_one(db)
    assert await take(db) is None
    await end(db, second)
    assert await take(db) is None
    await end(db, first)
    assert (await take_one(db)).id == join


async def test_without_children_the_joining_job_is_ready(db: Database) -> None:
    async with db.transaction() as tx:
        join = await queue.fan_out(tx, [], new_job("join"))
    assert (await take_one(db)).id == join


async def test_a_job_ends_and_fans_out_together_or_not_at_all(db: Database) -> None:
    await put(db, new_job("plan"))
    plan = await take_one(db)

    async def end_and_fan_out(*, is_stale: bool) -> None:
        async with db.transaction() as tx:
            await queue.fan_out(tx, [new_job("0")], new_job("join"))
            token = uuid4() if is_stale else plan.token
            await queue.finish(tx, Job.of({**_fields(plan), "token": token}))

    with pytest.raises(LeaseLost):
        await end_and_fan_out(is_stale=True)
    assert await states(db) == {"plan": "running"}
    await end_and_fan_out(is_stale=False)
    assert await states(db) == {"0": "ready", "join": "blocked"}


async def test_a_child_that_is_put_back_does_not_count_as_done(db: Database) -> None:
    async with db.transaction() as tx:
        await queue.fan_out(tx, [new_job("0")], new_job("join"))
    job = await take_one(db)
    async with db.transaction() as tx:
        await queue.fail(tx, job, ERROR, retry_in_s=0)
    assert await states(db) == {"0": "ready", "join": "blocked"}


async def test_a_child_that_is_waited_for_must_enter(db: Database) -> None:
    await put(db, new_job(unique_key="k"))
    with pytest.raises(AssertionError, match="unique key"):
        async with db.transaction() as tx:
            await queue.fan_out(tx, [new_job(unique_key="k")], new_job("join"))


async def test_a_child_that_fails_for_good_calls_off_its_group(db: Database) -> None:
    await put(db, new_job("other", group_id="rnd_2", priority=-1))
    children = [new_job(str(number), group_id="rnd_1") for number in range(3)]
    async with db.transaction() as tx:
        await queue.fan_out(tx, children, new_job("join", group_id="rnd_1"))
    failing, running = await take_one(db), await take_one(db)
    async with db.transaction() as tx:
        assert await queue.fail(tx, failing, ERROR, retry_in_s=None)
    assert await states(db) == {"1": "running", "other": "ready"}
    [row] = await rows(db, "SELECT cancel_requested FROM jobs WHERE id = %s", running.id)
    assert row["cancel_requested"]
    assert sorted((await ended(db)).values()) == ["cancelled", "cancelled", "failed"]


async def test_cancel_says_how_many_still_run(db: Database) -> None:
    await put(db, *(new_job(str(number), group_id="rnd_1") for number in range(3)))
    job = await take_one(db)
    async with db.transaction() as tx:
        assert await queue.cancel(tx, "rnd_1") == 1
        assert await queue.cancel(tx, "rnd_2") == 0
    assert await states(db) == {"0": "running"}
    async with db.transaction() as tx:
        await queue.drop(tx, job)
    assert set((await ended(db)).values()) == {"cancelled"}


@pytest.mark.parametrize("name", ["retry", "snooze"])
async def test_a_job_that_was_called_off_does_not_come_back(db: Database, name: str) -> None:
    await put(db, new_job("a", group_id="rnd_1"))
    job = await take_one(db)
    async with db.transaction() as tx:
        await queue.cancel(tx, "rnd_1")
    async with db.transaction() as tx:
        has_ended = await VERBS[name](tx, job) is (name == "retry")
    assert has_ended
    assert await ended(db) == {job.id: "cancelled"}
    assert await take(db) is None


async def test_rescue_takes_back_only_what_is_over(db: Database) -> None:
    await put(db, new_job("dead"), new_job("alive"))
    dead, _ = await take_one(db), await take_one(db)
    await let_lease_end(db, dead)
    async with db.transaction() as tx:
        [found] = await queue.rescue(tx)
        assert await queue.rescue(tx) == []
    assert (found.job.id, found.is_given_up) == (dead.id, False)
    assert await states(db) == {"dead": "ready", "alive": "running"}


async def test_rescue_gives_up_after_the_last_attempt(db: Database) -> None:
    await put(db, new_job("a", attempts_max=1, group_id="rnd_1"))
    job = await take_one(db)
    await let_lease_end(db, job)
    async with db.transaction() as tx:
        [found] = await queue.rescue(tx)
    assert found.is_given_up
    assert (found.job.id, found.job.payload) == (job.id, {"name": "a"})
    assert await ended(db) == {job.id: "failed"}
    assert await states(db) == {}


async def test_rescue_does_not_revive_what_was_called_off(db: Database) -> None:
    await put(db, new_job("a", group_id="rnd_1"))
    job = await take_one(db)
    async with db.transaction() as tx:
        await queue.cancel(tx, "rnd_1")
    await let_lease_end(db, job)
    async with db.transaction() as tx:
        [found] = await queue.rescue(tx)
    assert found.is_given_up
    assert await ended(db) == {job.id: "cancelled"}


async def test_depths_count_by_queue_and_status(db: Database) -> None:
    await put(db, new_job(), new_job(), new_job(queue="mail", delay_s=60))
    await take_one(db)
    await rows(
        db,
        "UPDATE jobs SET run_at = now() - interval '9 s' WHERE status = 'ready'"
        " AND queue = 'render' RETURNING id",
    )
    async with db.transaction() as tx:
        found = {(depth.queue, depth.status): depth for depth in await queue.depths(tx)}
    assert {key: depth.jobs for key, depth in found.items()} == {
        ("render", "running"): 1,
        ("render", "ready"): 1,
        ("mail", "ready"): 1,
    }
    assert 9 <= found["render", "ready"].oldest_s < 60
    assert found["mail", "ready"].oldest_s == 0, "its time has not come"


async def test_ended_jobs_are_forgotten_after_a_week(db: Database) -> None:
    await put(db, new_job(), new_job())
    old, new = await take_one(db), await take_one(db)
    await end(db, old)
    await end(db, new)
    await rows(
        db,
        "UPDATE jobs_finished SET finished_at = now() - interval '8 days' WHERE id = %s"
        " RETURNING id",
        old.id,
    )
    async with db.transaction() as tx:
        assert await queue.forget(tx) == 1
    assert await ended(db) == {new.id: "done"}


def _fields(job: Job) -> dict[str, object]:
    return {name: getattr(job, name) for name in Job.__slots__}
