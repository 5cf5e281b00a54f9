"""Waiting for jobs: PostgreSQL's NOTIFY, with polling behind it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import psycopg

RECONNECT_S = 1.0
"""Pause before listening again; meanwhile polling finds the jobs."""


async def listen(url: str, on_wake: Callable[[str], None]) -> None:
    """Call `on_wake` with the queue's name whenever a job became ready; runs until cancelled.

    A lost connection is made anew; whoever waits must poll as well.
    """
    while True:
        with suppress(psycopg.Error):
            connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
            async with connection:
                await connection.execute("LISTEN vidgenie_jobs")
                on_wake("")
                async for notice in connection.notifies():
                    on_wake(notice.payload)
        await asyncio.sleep(RECONNECT_S)
