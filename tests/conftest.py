"""Fixtures for everything that needs PostgreSQL: one throw-away server per test process."""

from collections.abc import AsyncIterator, Iterator

import pytest

from vidgenie.services.db.embedded import EmbeddedPostgres
from vidgenie.services.db.migrate import migrate
from vidgenie.services.db.pool import Database


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fresh, empty database."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), is_durable=False) as server:
        yield server.url


@pytest.fixture(scope="session")
async def migrated_url(database_url: str) -> str:
    """The same database with the schema in it."""
    async with Database(database_url) as database:
        await migrate(database)
    return database_url


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Database]:
    """A database whose tables are empty.

    DELETE, not TRUNCATE: on thirty empty tables it takes 3 ms instead of 80.
    """
    async with Database(migrated_url) as database:
        async with database.transaction() as tx:
            cursor = await tx.execute(
                "SELECT tablename FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'migrations'"
            )
            names = [row["tablename"] for row in await cursor.fetchall()]
            await tx.execute("SET LOCAL session_replication_role = replica")
            for name in names:
                await tx.execute(f"DELETE FROM {name}".encode())
        yield database
