"""Keeps a lease from a thread of its own, whatever the event loop and the engine are doing."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import psycopg
from psycopg.rows import dict_row

from vidgenie.services.db.sql import Statements
from vidgenie.services.queue.model import Job

sql = Statements(__package__)

RENEWALS = 3
"""Renewals within one lease: two may fail before it is over."""

MARGIN = 0.15
"""Share of the lease before its end at which a worker that could not renew stops its engine."""


class LeaseKeeper:
    """Renews a lease until the block ends; sets `stop` when the job is lost or called off.

    A worker that cannot reach the database stops before its lease is over, so that no two workers
    ever do the same job at once.
    """

    def __init__(self, url: str, job: Job, *, lease_s: float, on_stop: Callable[[], None]) -> None:
        self.is_cancelled = False
        self.is_lost = False
        self._url = url
        self._job = job
        self._lease_s = lease_s
        self._on_stop = on_stop
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lease-{job.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join(self._lease_s)

    def _run(self) -> None:
        deadline = time.monotonic() + self._lease_s * (1 - MARGIN)
        connection: psycopg.Connection[dict[str, object]] | None = None
        while not self._done.wait(self._lease_s / RENEWALS / (2 if connection is None else 1)):
            try:
                if connection is None or connection.closed:
                    connection = psycopg.connect(
                        self._url,
                        autocommit=True,
                        row_factory=dict_row,
                        connect_timeout=max(2, round(self._lease_s / 6)),
                    )
                values = {
                    "id": self._job.id,
                    "token": self._job.token,
                    "lease_s": self._lease_s,
                }
                asked = time.monotonic()
                row = connection.execute(sql.heartbeat, values).fetchone()
            except psycopg.Error:
                connection = None
                if time.monotonic() >= deadline:
                    self._stop(is_lost=True)
                    return
                continue
            if row is None:
                self._stop(is_lost=True)
                break
            deadline = asked + self._lease_s * (1 - MARGIN)
            if row["cancel_requested"]:
                self._stop(is_lost=False)
                break
        if connection is not None:
            connection.close()

    def _stop(self, *, is_lost: bool) -> None:
        self.is_lost = is_lost
        self.is_cancelled = not is_lost
        self._on_stop()
