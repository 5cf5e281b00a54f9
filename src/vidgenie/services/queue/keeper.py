"""Keeps a lease from threads of its own, whatever the event loop and the engine are doing."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.rows import dict_row

from vidgenie.services.db.sql import Statements
from vidgenie.services.queue.model import Job

sql = Statements(__package__)

RENEWALS = 3
"""Renewals within one lease: two may fail before it is over."""

MARGIN = 0.15
"""Share of the lease before its end at which a worker that could not renew stops its engine."""

LEAVE_S = 1.0
"""How long the end of the block waits for a renewal under way; a late one does no harm."""

Connection = psycopg.Connection[dict[str, Any]]


class LeaseKeeper:
    """Renews a lease until the block ends; calls `on_stop` once when the job is lost or called off.

    A worker that cannot reach the database stops before its lease is over, so that no two workers
    ever do the same job at once. One thread renews, a second one watches the clock: a connection
    over a dead network can keep the first one waiting for minutes.
    """

    def __init__(self, url: str, job: Job, *, lease_s: float, on_stop: Callable[[], None]) -> None:
        self.is_cancelled = False
        self.is_lost = False
        self._url = url
        self._job = job
        self._lease_s = lease_s
        self._on_stop = on_stop
        self._deadline = 0.0
        self._done = threading.Event()
        self._stopping = threading.Lock()
        self._threads = [
            threading.Thread(target=work, name=f"{name}-{job.id}", daemon=True)
            for name, work in (("lease", self._renew), ("clock", self._watch))
        ]

    def __enter__(self) -> Self:
        self._renewed(time.monotonic())
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(LEAVE_S)

    def _renewed(self, asked: float) -> None:
        self._deadline = asked + self._lease_s * (1 - MARGIN)

    def _watch(self) -> None:
        while not self._done.wait(max(0.0, self._deadline - time.monotonic())):
            if time.monotonic() >= self._deadline:
                self._stop(is_lost=True)

    def _renew(self) -> None:
        connection: Connection | None = None
        while not self._done.wait(self._lease_s / RENEWALS / (2 if connection is None else 1)):
            try:
                connection = connection or self._connect()
                self._ask(connection)
            except psycopg.Error:
                if connection is not None:
                    connection.close()
                connection = None  # the clock decides how often this may happen
        if connection is not None:
            connection.close()

    def _connect(self) -> Connection:
        return psycopg.connect(
            self._url,
            autocommit=True,
            row_factory=dict_row,
            connect_timeout=max(2, round(self._lease_s / 6)),
        )

    def _ask(self, connection: Connection) -> None:
        asked = time.monotonic()
        values = {"id": self._job.id, "token": self._job.token, "lease_s": self._lease_s}
        row = connection.execute(sql.heartbeat, values).fetchone()
        if row is None:
            self._stop(is_lost=True)
        elif row["cancel_requested"]:
            self._stop(is_lost=False)
        else:
            self._renewed(asked)

    def _stop(self, *, is_lost: bool) -> None:
        """Say so once; when the block has ended, nobody wants to hear it any more."""
        with self._stopping:
            if self._done.is_set():
                return
            self.is_lost = is_lost
            self.is_cancelled = not is_lost
            self._done.set()
        self._on_stop()
