"""Rate limits and idempotency keys, as many processes share them."""

import asyncio

import pytest

from vidgenie.errors import Conflict, IdempotencyMismatch, RateLimited
from vidgenie.services.db.pool import Database
from vidgenie.services.limits import idempotency, rate
from vidgenie.services.limits.idempotency import IdempotencyKey
from vidgenie.services.limits.rate import Rate

SLOW = Rate(burst=10, every_s=1000.0)


async def test_burst_lets_exactly_so_many_through(db: Database) -> None:
    async def once() -> bool:
        try:
            await rate.take(db, "crowd", SLOW, what="tests")
        except RateLimited:
            return False
        return True

    passed = await asyncio.gather(*(once() for _ in range(30)))
    assert sum(passed) == 10


async def test_refusal_says_when_to_come_back(db: Database) -> None:
    for _ in range(SLOW.burst):
        await rate.take(db, "one", SLOW, what="tests")
    with pytest.raises(RateLimited) as refusal:
        await rate.take(db, "one", SLOW, what="tests")
    assert 990 <= refusal.value.retry_after_s <= 1000
    with pytest.raises(RateLimited) as again:
        await rate.take(db, "one", SLOW, what="tests")
    assert again.value.retry_after_s <= refusal.value.retry_after_s, "a refusal costs nothing"


async def test_bucket_fills_up_again(db: Database) -> None:
    for _ in range(SLOW.burst):
        await rate.take(db, "one", SLOW, what="tests")
    async with db.transaction() as tx:
        await tx.execute("UPDATE rate_limits SET arrival_at = arrival_at - interval '2000 s'")
    for _ in range(2):
        await rate.take(db, "one", SLOW, what="tests")
    with pytest.raises(RateLimited):
        await rate.take(db, "one", SLOW, what="tests")


async def test_keys_do_not_share_a_bucket(db: Database) -> None:
    one = Rate(burst=1, every_s=1000.0)
    await rate.take(db, "a", one, what="tests")
    await rate.take(db, "b", one, what="tests")
    with pytest.raises(RateLimited):
        await rate.take(db, "a", one, what="tests")


async def test_forget_keeps_what_still_holds(db: Database) -> None:
    await rate.take(db, "old", SLOW, what="tests")
    async with db.transaction() as tx:
        await tx.execute("UPDATE rate_limits SET arrival_at = now() - interval '1 day'")
    await rate.take(db, "new", SLOW, what="tests")
    await rate.forget(db)
    async with db.transaction() as tx:
        rows = await (await tx.execute("SELECT key FROM rate_limits")).fetchall()
    assert [row["key"] for row in rows] == ["new"]


@pytest.fixture
async def key(db: Database) -> IdempotencyKey:
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO accounts (id, username, email, password_hash, callback_secret)"
            " VALUES ('acc_1', 'ada', 'ada@example.com', 'x', '')"
        )
    return IdempotencyKey("acc_1", "render.create", "k-1")


async def test_same_body_gets_the_first_answer(db: Database, key: IdempotencyKey) -> None:
    first = await idempotency.claim(db, key, b"body")
    assert first.answer is None
    async with db.transaction() as tx:
        await idempotency.keep(tx, key, {"render": {"id": "rnd_1"}}, since=first.since)
    assert (await idempotency.claim(db, key, b"body")).answer == {"render": {"id": "rnd_1"}}


async def test_other_body_is_a_mismatch(db: Database, key: IdempotencyKey) -> None:
    await idempotency.claim(db, key, b"body")
    with pytest.raises(IdempotencyMismatch):
        await idempotency.claim(db, key, b"another")


async def test_duplicate_under_way_is_a_conflict(db: Database, key: IdempotencyKey) -> None:
    answers = await asyncio.gather(
        *(idempotency.claim(db, key, b"body") for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(answer, idempotency.Claim) for answer in answers) == 1, answers
    assert sum(isinstance(answer, Conflict) for answer in answers) == 4, answers


async def test_failed_call_frees_its_key(db: Database, key: IdempotencyKey) -> None:
    failed = await idempotency.claim(db, key, b"body")
    await idempotency.release(db, key, since=failed.since)
    assert (await idempotency.claim(db, key, b"another")).answer is None


async def test_release_never_drops_an_answer(db: Database, key: IdempotencyKey) -> None:
    first = await idempotency.claim(db, key, b"body")
    async with db.transaction() as tx:
        await idempotency.keep(tx, key, {"n": 1}, since=first.since)
    await idempotency.release(db, key, since=first.since)
    assert (await idempotency.claim(db, key, b"body")).answer == {"n": 1}


async def test_who_took_too_long_can_neither_keep_nor_free(
    db: Database, key: IdempotencyKey
) -> None:
    slow = await idempotency.claim(db, key, b"body")
    async with db.transaction() as tx:
        await tx.execute("UPDATE idempotency_keys SET created_at = now() - interval '61 s'")
    other = await idempotency.claim(db, key, b"body")
    with pytest.raises(Conflict, match="too long"):
        async with db.transaction() as tx:
            await idempotency.keep(tx, key, {"n": 1}, since=slow.since)
    await idempotency.release(db, key, since=slow.since)
    async with db.transaction() as tx:
        await idempotency.keep(tx, key, {"n": 2}, since=other.since)
    assert (await idempotency.claim(db, key, b"body")).answer == {"n": 2}


async def test_key_is_new_again_after_a_day(db: Database, key: IdempotencyKey) -> None:
    first = await idempotency.claim(db, key, b"body")
    async with db.transaction() as tx:
        await idempotency.keep(tx, key, {"n": 1}, since=first.since)
        await tx.execute("UPDATE idempotency_keys SET created_at = now() - interval '25 h'")
    assert (await idempotency.claim(db, key, b"another")).answer is None
