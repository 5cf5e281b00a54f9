"""Migrations: once, in order, by one of many; never over what is newer or was altered."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from vidgenie.errors import Unavailable
from vidgenie.services.db import migrate as module
from vidgenie.services.db.migrate import Migration, migrate, migrations, pending
from vidgenie.services.db.pool import Database

FIRST = Migration(1, "0001_first.sql", "CREATE TABLE first (a int); INSERT INTO first VALUES (1)")
SECOND = Migration(2, "0002_second.sql", "ALTER TABLE first ADD COLUMN b int DEFAULT 2")


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[Database]:
    """A database of its own, with nothing in it."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as admin:
        await admin.execute("DROP DATABASE IF EXISTS to_migrate WITH (FORCE)")
        await admin.execute("CREATE DATABASE to_migrate")
    async with Database(re.sub(r"/\w+\?", "/to_migrate?", database_url)) as db:
        yield db


def _know(monkeypatch: pytest.MonkeyPatch, *known: Migration) -> None:
    monkeypatch.setattr(module, "migrations", lambda: known)


@asynccontextmanager
async def _same(db: Database) -> AsyncIterator[None]:
    """The schema is afterwards what it was before."""
    query = "SELECT table_name, column_name FROM information_schema.columns ORDER BY 1, 2"
    async with db.transaction() as tx:
        before = await (await tx.execute(query)).fetchall()
    yield
    async with db.transaction() as tx:
        assert await (await tx.execute(query)).fetchall() == before


async def test_no_two_files_have_one_number() -> None:
    found = migrations()  # gaps are allowed: what is made side by side takes numbers of its own
    numbers = [migration.number for migration in found]
    assert numbers == sorted(set(numbers))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.sql", migration.name) for migration in found)


async def test_each_is_applied_once_and_in_order(empty: Database) -> None:
    names = tuple(migration.name for migration in migrations())
    async with empty.transaction() as tx:
        assert await pending(tx) == names
    assert await migrate(empty) == names
    assert await migrate(empty) == ()
    async with empty.transaction() as tx:
        assert await pending(tx) == ()


async def test_processes_that_start_together_take_turns(empty: Database) -> None:
    async def start() -> tuple[str, ...]:
        async with Database(empty.url, size_max=1) as db:
            return await migrate(db)

    done = await asyncio.gather(*(start() for _ in range(3)))
    assert sorted(done) == [(), (), tuple(migration.name for migration in migrations())]


async def test_a_later_version_adds_only_what_is_new(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _know(monkeypatch, FIRST)
    await migrate(empty)
    _know(monkeypatch, FIRST, SECOND)
    async with empty.transaction() as tx:
        assert await pending(tx) == ("0002_second.sql",)
    assert await migrate(empty) == ("0002_second.sql",)
    async with empty.transaction() as tx:
        rows = await (await tx.execute("SELECT * FROM first")).fetchall()
    assert rows == [{"a": 1, "b": 2}]


async def test_a_file_that_was_altered_is_refused(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _know(monkeypatch, FIRST)
    await migrate(empty)
    _know(monkeypatch, Migration(1, FIRST.name, FIRST.text + " "), SECOND)
    async with _same(empty):
        with pytest.raises(Unavailable, match=r"0001_first\.sql was changed"):
            await migrate(empty)


async def test_a_database_of_a_newer_version_is_refused(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _know(monkeypatch, FIRST, SECOND)
    await migrate(empty)
    _know(monkeypatch, FIRST)
    async with _same(empty):
        with pytest.raises(Unavailable, match="newer version"):
            await migrate(empty)


async def test_one_that_fails_leaves_nothing_behind(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _know(monkeypatch, FIRST, Migration(2, "0002_broken.sql", "SELECT * FROM nowhere"))
    async with _same(empty):
        with pytest.raises(psycopg.errors.UndefinedTable):
            await migrate(empty)
    _know(monkeypatch, FIRST, SECOND)
    assert await migrate(empty) == ("0001_first.sql", "0002_second.sql")


async def test_waiting_for_another_one_has_no_time_limit(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidgenie.services.db.pool.STATEMENT_TIMEOUT_MS", 50)
    _know(monkeypatch, Migration(1, "0001_slow.sql", "SELECT pg_sleep(0.2)"))
    async with Database(empty.url) as hasty:
        assert await migrate(hasty) == ("0001_slow.sql",)
