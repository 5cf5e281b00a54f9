"""The serve API: the files of renders, each with an id of its own."""

from typing import Annotated, Any

from pydantic import Field

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import Nothing, Request
from vidgenie.edges.rpc.shotstack.ids import id_of, named, uuid_in
from vidgenie.errors import NotFound, Problem, RequestInvalid
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders import store
from vidgenie.services.renders.model import Render
from vidgenie.services.renders.shotstack import Hosted, files_of, renders_of_file, uuid_of
from vidgenie.services.renders.view import rfc3339

REGION = "self-hosted"
"""What stands where Shotstack names its data centre."""


class Transfer(Request):
    """A file to be sent to other places."""

    url: str
    id: str
    destinations: Annotated[list[Any], Field(max_length=20)]


async def get(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Return one file of a render."""
    render, file = await _found(call, tx)
    return {"data": _view(call, render, file)}


async def of_render(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Return the files of a render: video, poster and thumbnail, as its edit asks for them."""
    text = call.request.path_params["id"]
    render_id = call.object_id = id_of(text, "rnd", "render")
    with named(text, "render"):
        render = await store.get(tx, call.account_id, render_id)
    return {"data": [_view(call, render, file) for file in files_of(render)]}


async def delete(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Delete one file of a render."""
    render, file = await _found(call, tx)
    await store.forget_file(tx, render.id, file.member)
    if file.key is not None:
        await call.context.storage.delete(file.key)
    return {}


async def transfer(call: Call, tx: Transaction, takes: Transfer) -> dict[str, Any]:
    """Refuse: there is nothing here that sends files to other places."""
    message = "this server sends no files elsewhere; fetch `url` and store it where it is wanted"
    problem = Problem("/destinations", "not_supported", message)
    raise RequestInvalid(f"/destinations: {message}", problems=[problem])


async def _found(call: Call, tx: Transaction) -> tuple[Render, Hosted]:
    text = call.request.path_params["id"]
    for name, render_id in renders_of_file(uuid_in(text, "file")).items():
        try:
            render = await store.get(tx, call.account_id, render_id)
        except NotFound:
            continue
        for file in files_of(render):
            if file.name == name:
                call.object_id = render.id
                return render, file
    raise NotFound(f"There is no file {text[:80]!r} in this account.")


def _view(call: Call, render: Render, file: Hosted) -> dict[str, Any]:
    made = rfc3339(render.finished_at)
    attributes = {
        "id": file.id,
        "owner": uuid_of(render.account_id),
        "region": REGION,
        "renderId": uuid_of(render.id),
        "filename": file.filename,
        "status": "ready" if file.key else "deleted",
        "created": made,
        "updated": made,
    }
    if file.key:
        attributes["url"] = call.context.link(file.key)
    return {"type": "asset", "attributes": attributes}
