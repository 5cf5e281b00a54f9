"""The way to PostgreSQL: one pool, short transactions, the driver's errors translated here.

Nothing may hold a transaction while it renders, fetches or waits: `idle_in_transaction` ends the
connections that do, because one old snapshot makes every claim slower (dead rows pile up).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from vidgenie.errors import Unavailable

Transaction = psycopg.AsyncConnection[DictRow]
"""A connection inside an open transaction; rows come as dictionaries."""

CONNECT_TIMEOUT_S = 5.0  # a request must fail with 503 before its client gives up
IDLE_IN_TRANSACTION_MS = 30_000  # longer than any step of ours; shorter than a vacuum can bear
STATEMENT_TIMEOUT_MS = 60_000  # no statement of ours may take this long
TRUSTED_S = 1.0  # a connection used so lately is not asked for a sign of life: that is a round trip


class _Connection(psycopg.AsyncConnection[DictRow]):
    """A connection that knows when it was last lent."""

    lent_at = 0.0


async def _check(connection: _Connection) -> None:
    """Ask a connection that lay idle for a sign of life, before it is lent."""
    now = monotonic()
    if now - connection.lent_at > TRUSTED_S:
        await AsyncConnectionPool.check_connection(connection)
    connection.lent_at = now


class Database:
    """A pool of connections to one database."""

    def __init__(self, url: str, *, size_max: int = 10) -> None:
        self.url = url
        self._pool: AsyncConnectionPool[_Connection] = AsyncConnectionPool(
            url,
            connection_class=_Connection,
            min_size=1,
            max_size=size_max,
            open=False,
            timeout=CONNECT_TIMEOUT_S,
            check=_check,
            kwargs={
                "row_factory": dict_row,
                "autocommit": True,
                "options": (
                    f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}"
                    f" -c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"
                ),
            },
        )

    async def __aenter__(self) -> "Database":
        with _translated():
            await self._pool.open(wait=True, timeout=CONNECT_TIMEOUT_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open a transaction: commits at the end, rolls back on any exception.

        Raises: Unavailable when the database cannot be reached or goes away.
        """
        with _translated():
            async with self._pool.connection() as connection, connection.transaction():
                yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Transaction]:
        """Lend a connection outside of any transaction: each statement is one by itself.

        Raises: Unavailable when the database cannot be reached or goes away.
        """
        with _translated():
            async with self._pool.connection() as connection:
                yield connection

    async def ping(self) -> None:
        """Ask the database for a sign of life; raises Unavailable."""
        async with self.transaction() as tx:
            await tx.execute("SELECT 1")


class _translated:  # noqa: N801  # reads as a word at its call sites
    """Turn the driver's connection errors into `Unavailable`; leave programming errors alone."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, _: object) -> None:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | PoolTimeout):
            raise Unavailable(
                "The database cannot be reached right now; try again shortly."
            ) from error
