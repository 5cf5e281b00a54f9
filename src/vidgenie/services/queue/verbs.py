"""What can be done with jobs. Every verb takes the caller's transaction: they move together.

Whoever ends, renews or puts back a job must hold its token; a worker whose lease was given to
another is refused with LeaseLost and its transaction rolls back.

Order: in a transaction that also writes rows of its own (a render), the verb that ends a job or
calls off a group comes first. It takes the group's lock; all who take locks in this order take
turns, any other order can end in a deadlock.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from psycopg.types.json import Jsonb

from vidgenie.errors import LeaseLost
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements
from vidgenie.services.queue.model import LANE_MAX, Depth, Job, NewJob, Rescued

sql = Statements(__package__)

BACKOFF_FIRST_S = 2.0
BACKOFF_MAX_S = 600.0
EVERYBODY = "*"
OVER_LIMIT_S = 0.5  # a claim that went over a limit is put back for so long
DOUBLINGS_MAX = 16  # far beyond the longest pause, far below what a float can hold


async def enqueue(tx: Transaction, job: NewJob) -> int | None:
    """Let a job enter; return its id, or None when its unique key is there already."""
    return await _insert(tx, job, status="ready", is_told=True)


async def hasten(tx: Transaction, unique_key: str) -> bool:
    """Let the job of this key that waits for a later time be due now; False when none waits."""
    row = await (await tx.execute(sql.hasten, {"unique_key": unique_key})).fetchone()
    if row is None:
        return False
    await tx.execute(sql.notify, {"queue": row["queue"]})
    return True


COPY = (
    "COPY jobs (kind, queue, account_id, group_id, priority, status, payload, attempts_max)"
    " FROM STDIN"
)


async def enqueue_many(tx: Transaction, jobs: Sequence[NewJob]) -> None:
    """Let many jobs enter at once; none of them waits, or has a unique key."""
    async with tx.cursor() as cursor, cursor.copy(COPY) as copy:
        for job in jobs:
            assert job.unique_key is None, job
            assert job.delay_s == 0, job
            owner = job.account_id or ""
            head = (job.kind, job.queue, owner, job.group_id, job.priority, "ready")
            await copy.write_row((*head, Jsonb(job.payload), job.attempts_max))
    for queue in {job.queue for job in jobs}:
        await tx.execute(sql.notify, {"queue": queue})


async def fan_out(tx: Transaction, children: Sequence[NewJob], then: NewJob) -> int:
    """Let jobs enter, and one that becomes ready when all of them are done; return its id."""
    status = "blocked" if children else "ready"
    parent = await _insert(tx, then, status=status, pending=len(children))
    assert parent is not None, "a job that waits for others has no unique key"
    for child in children:
        entered = await _insert(tx, child, status="ready", parent_id=parent)
        assert entered is not None, "a job that is waited for has no unique key"
    for queue in {job.queue for job in (*children, then)}:
        await tx.execute(sql.notify, {"queue": queue})
    return parent


async def _insert(
    tx: Transaction,
    job: NewJob,
    *,
    status: str,
    pending: int = 0,
    parent_id: int | None = None,
    is_told: bool = False,
) -> int | None:
    values = {
        "kind": job.kind,
        "queue": job.queue,
        "account_id": job.account_id or "",
        "group_id": job.group_id,
        "parent_id": parent_id,
        "pending": pending,
        "priority": job.priority,
        "status": status,
        "payload": Jsonb(job.payload),
        "delay_s": job.delay_s,
        "attempts_max": job.attempts_max,
        "unique_key": job.unique_key,
        "since": job.since,
        "lane": job.lane,
        "is_told": is_told,
    }
    row = await (await tx.execute(sql.enqueue, values)).fetchone()
    return None if row is None else int(row["id"])


async def claim(
    tx: Transaction, queues: Sequence[str], *, worker: str, lease_s: float
) -> Job | None:
    """Claim a job of the first queue that has one; None when all are empty."""
    for queue in queues:
        values = {"queue": queue, "worker": worker, "lease_s": lease_s, "lane_max": LANE_MAX}
        row = await (await tx.execute(sql.claim, values)).fetchone()
        if row is None:
            continue
        job = Job.of(row)
        limit = row["running_max"]
        if limit is not None and await _is_over_limit(tx, job, limit):
            await _again(tx, job, OVER_LIMIT_S, error=None, is_counted=False)
        elif await _is_lane_full(tx, job):
            await _again(tx, job, OVER_LIMIT_S, error=None, is_counted=False)
            await tx.execute(sql.notify, {"queue": queue})  # another lane's job may be there
        else:
            return job
    return None


async def _is_over_limit(tx: Transaction, job: Job, running_max: int) -> bool:
    """Tell whether a claim went over its account's limit because others claimed at the same time.

    Whoever claims for one account takes turns here: the later one sees the earlier one's job.
    """
    await tx.execute(sql.hold_group, {"group_id": f"limit/{job.queue}/{job.account_id}"})
    values = {"queue": job.queue, "account_id": job.account_id, "running_max": running_max}
    row = await (await tx.execute(sql.over_limit, values)).fetchone()
    return row is not None and bool(row["is_over"])


async def _is_lane_full(tx: Transaction, job: Job) -> bool:
    """Tell the same about a job's lane: a burst wakes all slots at once, and each saw it empty."""
    if job.lane is None:
        return False
    await tx.execute(sql.hold_group, {"group_id": f"lane/{job.queue}/{job.lane}"})
    values = {"queue": job.queue, "lane": job.lane, "lane_max": LANE_MAX}
    row = await (await tx.execute(sql.full_lane, values)).fetchone()
    return row is not None and bool(row["is_over"])


async def limit(tx: Transaction, queue: str, account_id: str, running_max: int | None) -> None:
    """Let at most so many jobs of an account run at a time in a queue; None: any number.

    What is said of `EVERYBODY` holds for accounts of which nothing is said.
    """
    values = {"queue": queue, "account_id": account_id, "running_max": running_max}
    await tx.execute(sql.limit, values)


async def unlimit(tx: Transaction, queue: str, account_id: str) -> None:
    """Forget what was said of an account: what holds for everybody holds for it."""
    await tx.execute(sql.unlimit, {"queue": queue, "account_id": account_id})


async def finish(tx: Transaction, job: Job) -> None:
    """End a job well; the last child of a waiting job makes that one ready. Raises: LeaseLost."""
    await _end(tx, job, "done", None)


async def _end(tx: Transaction, job: Job, status: str, error: Mapping[str, Any] | None) -> None:
    if job.group_id is not None:
        await tx.execute(sql.hold_group, {"group_id": job.group_id})
    values = {
        "id": job.id,
        "token": job.token,
        "status": status,
        "error": None if error is None else Jsonb(error),
    }
    row = await (await tx.execute(sql.end, values)).fetchone()
    if row is None:
        raise LeaseLost(f"The job {job} was taken from this worker.")
    if status == "done" and row["parent_id"] is not None:
        cursor = await tx.execute(sql.child_done, {"id": row["parent_id"]})
        parent = await cursor.fetchone()
        if parent is not None and parent["status"] == "ready":
            await tx.execute(sql.notify, {"queue": parent["queue"]})


async def fail(
    tx: Transaction, job: Job, error: Mapping[str, Any], *, retry_in_s: float | None
) -> bool:
    """Put a failed job back for another attempt, or end it and call off its whole group.

    Returns whether the job has ended: no retry was asked for, it was the last attempt, or the job
    was called off meanwhile. The caller ends what the job belongs to in the same transaction.
    Raises: LeaseLost.
    """
    if retry_in_s is not None and job.attempt < job.attempts_max:
        return not await _again(tx, job, retry_in_s, error=error, is_counted=True)
    await _end(tx, job, "failed", error)
    if job.group_id is not None:
        await cancel(tx, job.group_id)
    return True


async def snooze(tx: Transaction, job: Job, seconds: float) -> bool:
    """Put a job back for later without counting the attempt; False when it was called off.

    Raises: LeaseLost.
    """
    return await _again(tx, job, seconds, error=None, is_counted=False)


async def drop(tx: Transaction, job: Job) -> None:
    """End a job that was called off. Raises: LeaseLost."""
    await _end(tx, job, "cancelled", None)


async def _again(
    tx: Transaction,
    job: Job,
    delay_s: float,
    *,
    error: Mapping[str, Any] | None,
    is_counted: bool,
) -> bool:
    """Put a job back; end it instead, and return False, when it was called off meanwhile."""
    values = {
        "id": job.id,
        "token": job.token,
        "delay_s": delay_s,
        "uncounted": 0 if is_counted else 1,
        "error": None if error is None else Jsonb(error),
    }
    row = await (await tx.execute(sql.again, values)).fetchone()
    if row is None:
        await drop(tx, job)
        return False
    if delay_s <= 0:
        await tx.execute(sql.notify, {"queue": row["queue"]})
    return True


async def hold(tx: Transaction, name: str) -> None:
    """Take turns at something until the transaction ends: a group, or anything else with a name."""
    await tx.execute(sql.hold_group, {"group_id": name})


async def cancel(tx: Transaction, group_id: str) -> int:
    """Call off a group: what waits is gone, what runs is asked to stop; return how many run."""
    await tx.execute(sql.hold_group, {"group_id": group_id})
    await tx.execute(sql.cancel_waiting, {"group_id": group_id})
    return (await tx.execute(sql.cancel_running, {"group_id": group_id})).rowcount


async def rescue(tx: Transaction) -> list[Rescued]:
    """Take back jobs whose leases are over.

    The caller ends what those given up belong to, in the same transaction: nothing else would.
    """
    rows = await (await tx.execute(sql.rescue)).fetchall()
    rescued = [Rescued(Job.of(row), row["is_given_up"]) for row in rows]
    for queue in {found.job.queue for found in rescued if not found.is_given_up}:
        await tx.execute(sql.notify, {"queue": queue})
    return rescued


async def depths(tx: Transaction) -> list[Depth]:
    """Count jobs by queue and status."""
    rows = await (await tx.execute(sql.depths)).fetchall()
    return [Depth(**row) for row in rows]


async def forget(tx: Transaction) -> int:
    """Forget ended jobs after their time; return how many."""
    return (await tx.execute(sql.forget)).rowcount


def backoff_s(attempt: int, random: Random) -> float:
    """Return seconds before the next attempt: doubling, with ±20 % so that crowds disperse."""
    doublings = min(attempt - 1, DOUBLINGS_MAX)
    whole = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0**doublings)
    return whole * random.uniform(0.8, 1.2)
