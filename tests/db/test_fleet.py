"""The processes of an instance: who is counted as living, and whose key is refused."""

import pytest

from vidgenie.errors import Unavailable
from vidgenie.services import fleet
from vidgenie.services.db.pool import Database

FIRST, OTHER = b"a" * 32, b"b" * 32


async def test_the_first_hosts_key_is_the_instances(db: Database) -> None:
    async with db.transaction() as tx:
        assert await fleet.is_agreed(tx, FIRST) is None
        await fleet.agree(tx, FIRST)
        await fleet.agree(tx, FIRST)
    async with db.transaction() as tx:
        assert await fleet.is_agreed(tx, OTHER) is False
        with pytest.raises(Unavailable, match="--secret-key"):
            await fleet.agree(tx, OTHER)
        found = await (await tx.execute("SELECT secret_key_mark FROM instance")).fetchone()
    assert found is not None
    assert FIRST not in bytes(found["secret_key_mark"])


async def test_who_is_silent_is_dead(db: Database) -> None:
    alive, dead = (fleet.Living(name, "1", 1, ("limits",)) for name in ("alive", "dead"))
    async with db.transaction() as tx:
        await fleet.beat(tx, alive)
        await fleet.beat(tx, dead)
        await tx.execute(
            "UPDATE workers SET seen_at = now() - interval '1 minute' WHERE name = 'dead'"
        )
    async with db.transaction() as tx:
        assert await fleet.living(tx) == [fleet.Living("alive", "1", 1, ["limits"])]
        await fleet.beat(tx, dead)
        assert len(await fleet.living(tx)) == 2
        await fleet.leave(tx, "alive")
        assert [worker.name for worker in await fleet.living(tx)] == ["dead"]


async def test_the_long_silent_are_forgotten(db: Database) -> None:
    async with db.transaction() as tx:
        await fleet.beat(tx, fleet.Living("old", "1", 1, ()))
        await tx.execute("UPDATE workers SET seen_at = now() - interval '2 hours'")
        await fleet.beat(tx, fleet.Living("new", "1", 1, ()))
        rows = await (await tx.execute("SELECT name FROM workers")).fetchall()
    assert [row["name"] for row in rows] == ["new"]
