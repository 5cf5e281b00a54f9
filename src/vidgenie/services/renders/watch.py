"""Following renders as they go: one look at the database for all who listen to one process.

listeners ── ids ──→ one query every half second ── changes ──→ each listener's own queue
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field

from vidgenie.errors import RateLimited, Unavailable
from vidgenie.services.db.pool import Database
from vidgenie.services.renders.model import ENDED, Status
from vidgenie.services.renders.store import sql

POLL_S = 0.5
"""As often as workers write progress."""

LISTENERS_MAX = 100
"""Of one account in one process."""

ORDER: tuple[Status, ...] = (
    "queued", "fetching", "rendering", "saving", "done", "failed", "cancelled",
)  # fmt: skip
"""A render only goes on in this order."""


@dataclass(frozen=True, slots=True, order=True)
class State:
    """Where a render stands: `place` in `ORDER`, and progress in ten thousandths."""

    place: int
    progress: int

    @classmethod
    def of(cls, status: Status, progress: float) -> "State":
        """Return the state of a row."""
        return cls(ORDER.index(status), round(progress * 10_000))

    @property
    def status(self) -> Status:
        """Its status."""
        return ORDER[self.place]

    @property
    def has_ended(self) -> bool:
        """Nothing follows it."""
        return self.status in ENDED

    def __str__(self) -> str:
        return f"{self.place}-{self.progress}"


def state_from(text: str) -> State | None:
    """Return the state that an event's id names; None when it names none."""
    place, _, progress = text.partition("-")
    if not (place.isdecimal() and progress.isdecimal() and len(text) <= 8):
        return None
    return State(int(place), int(progress)) if int(place) < len(ORDER) else None


@dataclass(eq=False, slots=True)
class _Listener:
    account_id: str
    render_id: str
    seen: State | None
    news: "asyncio.Queue[State | None]" = field(default_factory=asyncio.Queue)


class Watch:
    """Tells listeners what becomes of renders; one per process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._listeners: set[_Listener] = set()
        self._task: asyncio.Task[None] | None = None

    async def follow(
        self, account_id: str, render_id: str, *, after: State | None
    ) -> AsyncGenerator[State]:
        """Yield a render's states as they come, from the one it is in unless that is `after`.

        Ends with the render, or when it is deleted.
        """
        listener = _Listener(account_id, render_id, after)
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._poll())
        try:
            while (state := await listener.news.get()) is not None:
                yield state
                if state.has_ended:
                    return
        finally:
            self._listeners.discard(listener)

    def check_room(self, account_id: str) -> None:
        """Raise RateLimited when the account listens as often as it may."""
        count = sum(listener.account_id == account_id for listener in self._listeners)
        if count >= LISTENERS_MAX:
            raise RateLimited(f"This account follows {count} renders at once, which is the limit.")

    async def _poll(self) -> None:
        """Look for changes as long as anybody listens."""
        while self._listeners:
            with suppress(Unavailable):  # the next look finds what has changed meanwhile
                await self._look()
            await asyncio.sleep(POLL_S)

    async def _look(self) -> None:
        asked = list(self._listeners)
        ids = list({listener.render_id for listener in asked})
        async with self._db.transaction() as tx:
            rows = await (await tx.execute(sql.states, {"ids": ids})).fetchall()
        found = {row["id"]: State.of(row["status"], row["progress"]) for row in rows}
        for listener in asked:
            state = found.get(listener.render_id)
            if state is None or listener.seen is None or state > listener.seen:
                listener.seen = state
                listener.news.put_nowait(state)
