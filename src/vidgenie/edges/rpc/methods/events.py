"""render.events: a render's life as server-sent events.

Source: WHATWG HTML §9.2: `id` comes back as Last-Event-ID; a 204 tells a client not to come again.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from starlette.responses import Response, StreamingResponse

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import ById
from vidgenie.errors import NotFound
from vidgenie.services.renders import store
from vidgenie.services.renders.view import render_view
from vidgenie.services.renders.watch import State, state_from

HEARTBEAT_S = 15.0
"""Proxies cut connections that are silent for half a minute or more."""

RETRY_MS = 2000

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


async def events(call: Call, takes: ById) -> Response:
    """Tell status and progress of a render as server-sent events; ends with the render."""
    context = call.context
    async with context.db.transaction() as tx:
        render = await store.get(tx, call.account_id, takes.id)
    after = state_from(call.request.headers.get("last-event-id", ""))
    if render.has_ended and after == State.of(render.status, render.progress):
        return Response(status_code=204)
    context.watch.check_room(call.account_id)
    return StreamingResponse(
        _lines(call, takes.id, after), media_type="text/event-stream", headers=HEADERS
    )


async def _lines(call: Call, render_id: str, after: State | None) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    states = call.context.watch.follow(call.account_id, render_id, after=after)
    last = after
    coming: asyncio.Future[State | None] = _next(states)
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=HEARTBEAT_S)
            if not done:
                yield b": still here\n\n"
                continue
            state = coming.result()
            if state is None:
                return
            told = await _told(call, render_id, state, last)
            if told is None:
                return
            yield told
            last, coming = state, _next(states)
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming
        await states.aclose()


def _next(states: AsyncIterator[State]) -> "asyncio.Future[State | None]":
    async def following() -> State | None:
        return await anext(states, None)

    return asyncio.ensure_future(following())


async def _told(call: Call, render_id: str, state: State, last: State | None) -> bytes | None:
    """Return one event; None when the render was deleted meanwhile."""
    kind = "progress" if last is not None and last.place == state.place else "status"
    data: dict[str, Any] = {"id": render_id, "status": state.status}
    data["progress"] = state.progress / 10_000
    if state.has_ended:
        try:
            async with call.context.db.transaction() as tx:
                render = await store.get(tx, call.account_id, render_id)
        except NotFound:
            return None
        data["render"] = render_view(render, call.context.link)
    return f"id: {state}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()
