"""Who is served first when many wait, and that finding it out reads an index, not the table."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

from queueing import end, new_job, put, rows, take, take_one
from vidgenie.services import queue
from vidgenie.services.db.pool import Database
from vidgenie.services.db.sql import Statements

sql = Statements("vidgenie.services.queue")

CROWD = """
INSERT INTO jobs (kind, queue, account_id, status, payload, attempts_max)
SELECT 'test', 'render', account_id, 'ready', '{}', 3
FROM (
    SELECT 'acc_large' AS account_id FROM generate_series(1, %s)
    UNION ALL
    SELECT 'acc_' || account FROM generate_series(1, %s) job, generate_series(1, %s) account
) waiting
RETURNING id
"""


async def test_a_large_account_does_not_hold_up_small_ones(db: Database) -> None:
    await rows(db, CROWD, 500, 3, 20)
    served = Counter([(await take_one(db)).account_id for _ in range(63)])
    assert len(served) == 21
    assert set(served.values()) == {3}, "each has as many running as any other"
    assert {(await take_one(db)).account_id for _ in range(5)} == {"acc_large"}


async def test_who_has_more_running_waits_for_those_with_less(db: Database) -> None:
    await put(db, *(new_job(account_id="a") for _ in range(5)))
    running = [await take_one(db) for _ in range(2)]
    await put(db, *(new_job(account_id="b") for _ in range(3)))
    assert [(await take_one(db)).account_id for _ in range(2)] == ["b", "b"]
    for job in running:
        await end(db, job)
    assert [(await take_one(db)).account_id for _ in range(2)] == ["a", "a"]


async def test_a_newcomer_is_found_behind_many_older_accounts(db: Database) -> None:
    await rows(db, CROWD, 0, 2, 30)
    for _ in range(30):
        await take_one(db)
    await put(db, new_job(account_id="newcomer"))
    assert (await take_one(db)).account_id == "newcomer"


async def test_an_account_whose_jobs_are_not_due_takes_nobodys_turn(db: Database) -> None:
    await put(db, *(new_job(account_id=f"a{number:02}", delay_s=60) for number in range(40)))
    await put(db, new_job("now", account_id="b"))
    assert (await take_one(db)).payload["name"] == "now"
    assert await take(db) is None
    await put(db, new_job("soon", account_id="a00"))
    assert (await take_one(db)).payload["name"] == "soon", "behind one that is not due"


async def test_what_is_begun_ends_before_the_next_begins(db: Database) -> None:
    await put(db, *(new_job(f"plan {number}") for number in range(5)))
    order = []
    while (job := await take(db)) is not None:
        name, _, number = str(job.payload["name"]).partition(" ")
        order.append(f"{name} {number}")
        async with db.transaction() as tx:
            await queue.finish(tx, job)
            if name == "plan":
                parts = [new_job(f"part {number}", since=job.turn) for _ in range(2)]
                await queue.fan_out(tx, parts, new_job(f"join {number}", since=job.turn))
    steps = ("plan", "part", "part", "join")
    assert order == [f"{step} {number}" for number in range(5) for step in steps]


async def test_a_higher_priority_still_goes_before_what_is_begun(db: Database) -> None:
    [first] = await put(db, new_job("begun"))
    await put(db, new_job("part", since=first), new_job("urgent", priority=5))
    assert (await take_one(db)).payload["name"] == "urgent"


async def test_a_burst_to_one_receiver_leaves_slots_for_others(db: Database) -> None:
    await put(db, *(new_job("slow", lane="whk_slow") for _ in range(20)))
    await put(db, new_job("quick", lane="whk_quick"), new_job("free"))
    burst = [job for job in await asyncio.gather(*(take(db) for _ in range(8))) if job]
    held = Counter(job.payload["name"] for job in burst)
    assert held["slow"] <= queue.LANE_MAX, "all slots looked at once, and each saw an empty lane"
    while (job := await take(db)) is not None:
        held[job.payload["name"]] += 1
    assert held == {"slow": queue.LANE_MAX, "quick": 1, "free": 1}
    await end(db, next(job for job in burst if job.payload["name"] == "slow"))
    await rows(db, "UPDATE jobs SET run_at = now() WHERE status = 'ready' RETURNING id")
    assert (await take_one(db)).payload["name"] == "slow"
    assert await take(db) is None


ACCOUNTS = 200


async def test_a_claim_reads_indexes_and_few_rows_however_many_wait(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute(CROWD.replace("RETURNING id", "").encode(), (90_000, 50, ACCOUNTS))
        await tx.execute("ANALYZE jobs")
    for _ in range(20):
        await take_one(db)
    async with db.transaction() as tx:
        cursor = await tx.execute(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.claim}".encode(),
            {"queue": "render", "worker": "w", "lease_s": 60, "lane_max": 2},
        )
        row = await cursor.fetchone()
    assert row is not None
    [plan] = row["QUERY PLAN"]
    reads = [node for node in _nodes(plan["Plan"]) if node.get("Relation Name") == "jobs"]
    assert "Seq Scan" not in {node["Node Type"] for node in reads}
    indexes = {node["Index Name"] for node in reads if "Index Name" in node}
    assert indexes >= {"jobs_ready", "jobs_running"}
    # One row of each account, 8 offers of 16 accounts, what runs, and the one that is claimed.
    examined = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in reads
        if node["Node Type"] != "ModifyTable"
    )
    assert ACCOUNTS <= examined <= 2.5 * ACCOUNTS, examined


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
