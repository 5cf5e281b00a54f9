"""The loop of a worker: claim a job, do it, write its end; rescue what other workers left.

Renders, deliveries, copies, and letters with upkeep have slots of their own: a slow receiver holds
neither a core nor a letter, and a long render holds no webhook.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from vidgenie.errors import LeaseLost, Unavailable, VidGenieError
from vidgenie.services import fleet, queue
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.queue import Job, LeaseKeeper

log = structlog.get_logger()

LEASE_S = 30.0
"""A dead worker's job is claimed again after so long; renewed three times as often."""

POLL_S = 2.0
"""Wake-ups may be lost (a pooler between, a reconnect): then a job waits no longer than this."""

RESCUE_EVERY_S = 5.0
"""How often ended leases are looked for."""

DELIVERY_SLOTS = 8
"""Webhooks under way at a time; each only waits for somebody's answer."""

COPY_SLOTS = 4
"""Copies of files under way at a time; each holds a few blocks in memory."""

LIGHT_SLOTS = 2
"""Letters, and erasing what is deleted."""

RENDER_QUEUES = ("render",)
DELIVERY_QUEUES = ("delivery",)
COPY_QUEUES = ("copies",)
LIGHT_QUEUES = ("mail", "upkeep")

Perform = Callable[[Job, threading.Event], Awaitable[None]]
"""Does a job and writes its end in one transaction; stops soon when the event is set."""

Failed = Callable[[Job, BaseException], Awaitable[object]]
"""Writes that a job failed: puts it back or gives it up."""

GivenUp = Callable[[Transaction, Sequence[Job]], Awaitable[None]]
"""Ends what jobs belong to whose workers died on every attempt."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done, and what to do when that fails."""

    perform: Perform
    failed: Failed


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Who this worker is and how much it does at a time; seconds."""

    name: str
    render_slots: int = 1
    lease_s: float = LEASE_S
    poll_s: float = POLL_S
    rescue_every_s: float = RESCUE_EVERY_S
    version: str = ""
    protections: tuple[str, ...] = ()
    """How its children are confined; told to operators."""


class Worker:
    """One worker process."""

    def __init__(
        self,
        db: Database,
        handlers: Mapping[str, Handler],
        given_up: GivenUp,
        settings: WorkerSettings,
    ) -> None:
        self._db = db
        self._handlers = handlers
        self._given_up = given_up
        self._settings = settings
        self._stopping = asyncio.Event()
        self._wakes: set[asyncio.Event] = set()
        self._running: set[threading.Event] = set()

    def stop(self) -> None:
        """Take no more jobs, and give back those under way."""
        self._stopping.set()
        self._wake("")
        for event in self._running:
            event.set()

    async def run(self) -> None:
        """Work until `stop` is called."""
        log.info("worker_started", name=self._settings.name, slots=self._settings.render_slots)
        slots = [
            *(self._slot(RENDER_QUEUES) for _ in range(self._settings.render_slots)),
            *(self._slot(DELIVERY_QUEUES) for _ in range(DELIVERY_SLOTS)),
            *(self._slot(COPY_QUEUES) for _ in range(COPY_SLOTS)),
            *(self._slot(LIGHT_QUEUES) for _ in range(LIGHT_SLOTS)),
        ]
        background = [
            asyncio.create_task(queue.listen(self._db.url, self._wake)),
            asyncio.create_task(self._rescue()),
            asyncio.create_task(self._beat()),
        ]
        await asyncio.gather(*slots)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await self._leave()
        log.info("worker_stopped", name=self._settings.name)

    def _wake(self, _: str) -> None:
        for event in self._wakes:
            event.set()

    async def _slot(self, queues: Sequence[str]) -> None:
        """Do one job after the other; wait where there is none."""
        wake = asyncio.Event()
        self._wakes.add(wake)
        while not self._stopping.is_set():
            wake.clear()
            try:
                async with self._db.transaction() as tx:
                    job = await queue.claim(
                        tx, queues, worker=self._settings.name, lease_s=self._settings.lease_s
                    )
            except Unavailable as error:
                log.warning("database_unavailable", error=error.message)
                job = None
            if job is not None:
                await self._do(job)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), self._settings.poll_s)
        self._wakes.discard(wake)

    async def _do(self, job: Job) -> None:
        """Do one job and see to its end, whatever happens."""
        stop = threading.Event()
        self._running.add(stop)
        keeper = LeaseKeeper(self._db.url, job, lease_s=self._settings.lease_s, on_stop=stop.set)
        log.info("job_started", kind=job.kind, job=job.id, group=job.group_id, attempt=job.attempt)
        try:
            with keeper:
                await self._handlers[job.kind].perform(job, stop)
            log.info("job_done", kind=job.kind, job=job.id, group=job.group_id)
        except LeaseLost:
            log.warning("lease_lost", kind=job.kind, job=job.id, group=job.group_id)
        except Exception as error:
            await self._see_to_failure(job, keeper, error)
        finally:
            self._running.discard(stop)

    async def _see_to_failure(self, job: Job, keeper: LeaseKeeper, error: Exception) -> None:
        with suppress(LeaseLost, Unavailable):  # then the lease ends, and the job is rescued
            if keeper.is_lost:
                log.warning("lease_lost", kind=job.kind, job=job.id, group=job.group_id)
            elif keeper.is_cancelled:
                async with self._db.transaction() as tx:
                    await queue.drop(tx, job)
                log.info("job_cancelled", kind=job.kind, job=job.id, group=job.group_id)
            elif self._stopping.is_set():
                async with self._db.transaction() as tx:
                    await queue.snooze(tx, job, 0)
                log.info("job_given_back", kind=job.kind, job=job.id, group=job.group_id)
            else:
                is_ours = not isinstance(error, VidGenieError) or error.fault == "ours"
                log.log(
                    40 if is_ours else 20,
                    "job_failed",
                    kind=job.kind,
                    job=job.id,
                    group=job.group_id,
                    attempt=job.attempt,
                    error=str(error),
                    exc_info=error if is_ours else None,
                )
                await self._handlers[job.kind].failed(job, error)

    async def _rescue(self) -> None:
        """Take back jobs of dead workers, and forget old ones; go on whatever happens."""
        while True:
            try:
                async with self._db.transaction() as tx:
                    rescued = await queue.rescue(tx)
                    lost = [found.job for found in rescued if found.is_given_up]
                    if lost:
                        await self._given_up(tx, lost)
                    await queue.forget(tx)
                for found in rescued:
                    log.warning("job_rescued", job=str(found.job), given_up=found.is_given_up)
            except Unavailable as error:
                log.warning("database_unavailable", error=error.message)
            except Exception as error:
                log.error("rescue_failed", error=str(error), exc_info=error)
            await asyncio.sleep(self._settings.rescue_every_s)

    async def _beat(self) -> None:
        """Say again and again that this worker lives."""
        settings = self._settings
        alive = fleet.Living(
            settings.name, settings.version, settings.render_slots, settings.protections
        )
        while True:
            try:
                async with self._db.transaction() as tx:
                    await fleet.beat(tx, alive)
            except Unavailable:
                pass  # who waits for a job says so already
            await asyncio.sleep(fleet.BEAT_EVERY_S)

    async def _leave(self) -> None:
        with suppress(Unavailable):
            async with self._db.transaction() as tx:
                await fleet.leave(tx, self._settings.name)
