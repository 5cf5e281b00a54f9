"""For somebody who waits: one frame of an edit, or its plan, without making a render of it.

    document → parse → fetch, probe (kept) → resolve, plan (kept) ┬─ explain
                                                                  └─ one frame, in a child

What an edit needed stays at hand for a while: the next frame of the same edit costs its painting.
"""

import asyncio
import hashlib
import json
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Coroutine, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from vidgenie.core.plan.explain import explain
from vidgenie.core.plan.outline import cpu_s, outline
from vidgenie.engine import sandbox
from vidgenie.engine.sandbox import SandboxLimits
from vidgenie.engine.values import StillSettings
from vidgenie.errors import Problem, RateLimited, RenderTimeout, RequestInvalid
from vidgenie.services.renders import reuse
from vidgenie.services.renders.model import Render
from vidgenie.services.renders.prepare import Prepared, prepare
from vidgenie.services.renders.tools import RenderTools

T = TypeVar("T")

LIMIT_S = 10.0
"""Longest anybody waits for an answer."""

SLOTS = 2
"""Frames painted at a time in one process: each takes a core."""

WAITING_MAX = 8
"""Calls of one account under way at a time: the rest of the line is for others."""

KEPT_MAX = 32
KEPT_S = 300.0
"""How many prepared edits stay at hand, and for how long: a source may change at its address."""

PNG_LEVEL = 1
"""zlib's: a frame of 1080p is packed in a quarter of the time, and is a tenth larger."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Which frame, as what: `time_s` from the start of the edit."""

    time_s: float
    format: Literal["png", "jpeg"] = "png"


class Previews:
    """Answers those who wait; one per process that serves them."""

    def __init__(self, tools: RenderTools) -> None:
        self._tools = tools
        self._slots = asyncio.Semaphore(SLOTS)
        self._waiting: Counter[str] = Counter()
        self._under_way: dict[str, asyncio.Task[Prepared]] = {}
        self._kept: OrderedDict[str, tuple[float, Prepared]] = OrderedDict()

    async def snapshot(self, account_id: str, document: Mapping[str, Any], at: Moment) -> bytes:
        """Return one frame as an image file.

        Raises: EditInvalid; RequestInvalid when the time lies beyond the end; AssetError;
        RenderError; RateLimited.
        """
        return await self._waited_for(account_id, self._snapshot(account_id, document, at))

    async def explain(self, account_id: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the plan in words and as values, with what is kept of it already.

        Raises: EditInvalid; AssetError; RenderTimeout; RateLimited.
        """
        return await self._waited_for(account_id, self._explain(account_id, document))

    async def _waited_for(self, account_id: str, work: Coroutine[Any, Any, T]) -> T:
        if self._waiting[account_id] >= WAITING_MAX:
            work.close()
            raise RateLimited(f"{WAITING_MAX} previews of this account are under way already.")
        self._waiting[account_id] += 1
        try:
            async with asyncio.timeout(LIMIT_S):
                return await work
        except TimeoutError:
            raise RenderTimeout(
                f"This was not ready within {LIMIT_S:g} s. What was fetched for it is kept: try"
                " again, or make a render of it, which may take longer."
            ) from None
        finally:
            self._waiting[account_id] -= 1
            if not self._waiting[account_id]:
                del self._waiting[account_id]

    async def _snapshot(self, account_id: str, document: Mapping[str, Any], at: Moment) -> bytes:
        prepared = await self._prepared(account_id, document)
        plan = prepared.plan
        frame = frame_at(prepared, at.time_s)
        settings = StillSettings(
            plan.size, "jpg" if at.format == "jpeg" else "png", png_level=PNG_LEVEL
        )
        should_stop = threading.Event()
        try:
            async with self._slots:
                made: bytes = await asyncio.to_thread(
                    sandbox.run,
                    "still_bytes",
                    (plan.timeline, frame, prepared.assets, settings),
                    limits=SandboxLimits(wall_s=LIMIT_S),
                    should_stop=should_stop,
                )
                return made
        finally:
            should_stop.set()  # a child nobody waits for any more ends at once

    async def _explain(self, account_id: str, document: Mapping[str, Any]) -> dict[str, Any]:
        prepared = await self._prepared(account_id, document)
        plan, keys = prepared.plan, (*prepared.keys, prepared.sound_key)
        kept = await reuse.kept_of(self._tools.db, keys)
        told = await asyncio.to_thread(outline, plan)
        firsts = reuse.first_of_each(prepared.keys)
        ahead = 0.0
        for chunk, key in zip(told["chunks"], prepared.keys, strict=True):
            chunk["is_cached"] = key in kept
            first = firsts[chunk["index"]]
            chunk["same_as"] = None if first == chunk["index"] else first
            if key not in kept and chunk["same_as"] is None:
                ahead += chunk["cost"]
        told["sound_is_cached"] = plan.has_sound and prepared.sound_key in kept
        told["cost_ahead"] = round(ahead, 2)
        told["cpu_s_ahead"] = cpu_s(ahead)
        told["text"] = await asyncio.to_thread(explain, plan)
        told["warnings"] = [asdict(warning) for warning in prepared.warnings]
        return told

    async def _prepared(self, account_id: str, document: Mapping[str, Any]) -> Prepared:
        """Return an edit ready to be painted; a fetch goes on when who asked has gone."""
        key = _key_of(account_id, document)
        made, prepared = self._kept.get(key, (0.0, None))
        if prepared is not None and _is_good(prepared, made):
            self._kept.move_to_end(key)
            return prepared
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._prepare(key, account_id, document))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    async def _prepare(self, key: str, account_id: str, document: Mapping[str, Any]) -> Prepared:
        asked = Render("preview", account_id, "queued", document, 0, datetime.now(UTC))
        prepared = await prepare(self._tools, asked, is_last_attempt=True)
        self._kept[key] = (time.monotonic(), prepared)
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return prepared

    def _ended(self, key: str, done: "asyncio.Task[Prepared]") -> None:
        self._under_way.pop(key, None)
        if not done.cancelled():
            done.exception()  # asked for, so that nobody misses it when all who waited have gone


def frame_at(prepared: Prepared, time_s: float) -> int:
    """Return the frame shown at a time; the end itself shows the last one.

    Raises: RequestInvalid.
    """
    timeline = prepared.plan.timeline
    length = len(timeline.frames) / float(timeline.rate)
    frame = timeline.frames.start + int(time_s * float(timeline.rate) + 1e-9)
    if frame in timeline.frames:
        return frame
    if time_s <= length + 1e-6:
        return timeline.frames.stop - 1
    message = f"`time` is {time_s:g}, beyond the end: the edit lasts {length:g} s"
    problem = Problem("/time", "wrong_value", message)
    raise RequestInvalid(f"{message}.", problems=[problem])


def _key_of(account_id: str, document: Mapping[str, Any]) -> str:
    text = json.dumps([account_id, document], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_good(prepared: Prepared, made: float) -> bool:
    is_young = time.monotonic() - made < KEPT_S
    return is_young and all(source.path.exists() for source in prepared.assets.values())
