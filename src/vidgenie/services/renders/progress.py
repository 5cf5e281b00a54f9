"""Progress from the engine's thread to the database, seldom enough to be cheap."""

import asyncio
from contextlib import suppress
from types import TracebackType

from vidgenie.errors import Unavailable
from vidgenie.services.db.pool import Database
from vidgenie.services.renders import store
from vidgenie.services.renders.submit import tell

WRITE_EVERY_S = 0.5
"""Often enough for a progress bar, rare enough for the database."""


TELL_EVERY_S = 5.0
"""How often `render.progress` is published at most; late news of it is worth nothing."""


class PartProgress:
    """Notes finished frames from any thread and writes them while the part is being made."""

    def __init__(self, db: Database, render_id: str, part: int) -> None:
        self._db = db
        self._render_id = render_id
        self._part = part
        self._frames = 0
        self._written = 0
        self._task: asyncio.Task[None] | None = None

    def note(self, frames: int) -> None:
        """Take the number of finished frames; called in the engine's thread."""
        self._frames = frames

    async def __aenter__(self) -> "PartProgress":
        self._task = asyncio.create_task(self._write())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _write(self) -> None:
        while True:
            await asyncio.sleep(WRITE_EVERY_S)
            frames = self._frames
            if frames == self._written:
                continue
            with suppress(Unavailable):  # the part goes on; the next tick tells
                async with self._db.transaction() as tx:
                    await store.advance(tx, self._render_id, self._part, frames)
                    if await store.may_tell_progress(tx, self._render_id, pause_s=TELL_EVERY_S):
                        await tell(tx, self._render_id, "render.progress", attempts_max=1)
                self._written = frames
