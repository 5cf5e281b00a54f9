"""render.*: from an edit to a video."""

from typing import Any

from starlette.responses import Response

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import ById, ListRenders, Nothing, Snapshot
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders import erase, store, submit
from vidgenie.services.renders.model import SubmitRequest
from vidgenie.services.renders.preview import Moment
from vidgenie.services.renders.view import render_view


async def create(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Queue an edit; poll render.get or wait for the webhook."""
    render = await submit.submit(tx, SubmitRequest(call.account_id, call.document))
    call.object_id = render.id
    return {"render": render_view(render, call.context.link)}


async def retry(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Render the edit of a failed or cancelled render again, as a new render."""
    render = await submit.retry(tx, call.account_id, takes.id)
    return {"render": render_view(render, call.context.link)}


async def get(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Return a render: its status, its progress, and its output when it is done."""
    render = await store.get(tx, call.account_id, takes.id)
    return {"render": render_view(render, call.context.link)}


async def list_renders(call: Call, tx: Transaction, takes: ListRenders) -> dict[str, Any]:
    """List the account's renders, newest first."""
    renders, cursor = await store.page(
        tx, call.account_id, limit=takes.limit, cursor=takes.cursor, status=takes.status
    )
    views = [render_view(render, call.context.link) for render in renders]
    return {"renders": views, "next_cursor": cursor}


async def explain(call: Call, takes: Nothing) -> dict[str, Any]:
    """Return how an edit would be made: spans, recipes, what is cached already, and the cost."""
    return {"plan": await call.context.previews.explain(call.account_id, call.document)}


async def snapshot(call: Call, takes: Snapshot) -> Response:
    """Return one frame of an edit as an image."""
    return await image_of(call, call.document, Moment(takes.time, takes.format))


async def image_of(call: Call, document: dict[str, Any], at: Moment) -> Response:
    """Answer with a frame of an edit."""
    made = await call.context.previews.snapshot(call.account_id, document, at)
    return Response(
        made, media_type=f"image/{at.format}", headers={"cache-control": "private, no-store"}
    )


async def delete(call: Call, takes: ById) -> dict[str, Any]:
    """Delete a render that has ended, with its video, poster and thumbnail."""
    await erase.erase_render(call.context.db, call.context.storage, call.account_id, takes.id)
    return {}


async def cancel(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Call a render off."""
    render = await submit.cancel(tx, call.account_id, takes.id)
    return {"render": render_view(render, call.context.link)}
