"""The ingest API: files fetched by address, or sent to a signed one, to become assets."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field
from starlette.requests import Request as HttpRequest

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.context import Context
from vidgenie.edges.rpc.methods.asset import save
from vidgenie.edges.rpc.models import Document, Nothing, Request
from vidgenie.edges.rpc.shotstack.ids import id_of, named
from vidgenie.errors import AssetForbidden, Conflict, Forbidden, Problem, RequestInvalid
from vidgenie.services import assets, ingest
from vidgenie.services.assets import NewUpload
from vidgenie.services.assets.model import SCHEME
from vidgenie.services.db.pool import Transaction
from vidgenie.services.ingest import Source, store
from vidgenie.services.renders.shotstack import uuid_of
from vidgenie.services.renders.view import rfc3339
from vidgenie.services.storage import signing

LISTED_MAX = 1000
UPLOAD_TTL_S = 3600
NOUN = "source"

REFUSED = {
    "outputs": "this server makes no renditions or transcriptions of sources; render an edit"
    " with the source as its clip",
    "destinations": "this server sends sources nowhere; its own storage keeps them",
    "callback": "this server tells no callback of sources; ask GET /sources/{id}",
}


class Fetch(Request):
    """A file to be fetched."""

    url: Annotated[str, Field(min_length=1, max_length=2048)]
    outputs: Document | None = None
    destinations: list[Any] | Document | None = None
    callback: str | None = None


async def create(call: Call, tx: Transaction, takes: Fetch) -> dict[str, Any]:
    """Queue a file to be fetched."""
    problems = [
        Problem(f"/{name}", "not_supported", f"`{name}`: {why}")
        for name, why in REFUSED.items()
        if getattr(takes, name)
    ]
    try:
        call.context.guard.check_url(takes.url)
    except AssetForbidden as error:
        problems.append(Problem("/url", "invalid_url", f"{takes.url[:200]}: {error.message}"))
    if problems:
        raise RequestInvalid(f"{problems[0].path}: {problems[0].message}", problems=problems)
    source = await store.insert(tx, call.account_id, takes.url)
    call.object_id = source.id
    await ingest.enqueue(tx, source)
    return {"data": {"type": "source", "id": uuid_of(source.id)}}


async def upload(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Give an address to which a file can be sent."""
    source = await store.insert(tx, call.account_id, None)
    call.object_id = source.id
    context, shown = call.context, uuid_of(source.id)
    link = signing.sign(
        context.policy.secret_key, context.public_url, _key(source.id), UPLOAD_TTL_S
    )
    path = f"/shotstack/ingest/v1/upload/{shown}"
    url = f"{context.public_url.rstrip('/')}{path}?{urlsplit(link).query}"
    expires = rfc3339(datetime.now(UTC) + timedelta(seconds=UPLOAD_TTL_S))
    attributes = {"id": shown, "url": url, "expires": expires}
    return {"data": {"type": "upload", "id": shown, "attributes": attributes}}


async def receive(context: Context, request: HttpRequest) -> None:
    """Take the file that is sent to an address of `upload`; the signature is the permission.

    Raises: Forbidden, NotFound, Conflict; AssetUnsupported with what was found.
    """
    source_id = id_of(request.path_params["id"], "src", NOUN)
    query = request.query_params
    verdict = signing.verify(
        context.policy.secret_key,
        _key(source_id),
        expires=query.get("exp", ""),
        signature=query.get("sig", ""),
    )
    if verdict != "valid":
        why = "has expired; ask POST /upload for another" if verdict == "expired" else "is not ours"
        raise Forbidden(f"This address {why}: use it whole and unchanged, within an hour.")
    async with context.db.transaction() as tx:
        source = await store.get(tx, None, source_id)
    with tempfile.TemporaryDirectory(dir=context.upload_dir) as folder:
        path = Path(folder) / "upload"
        await save(request.stream(), path, context.upload_bytes_max)
        received = await assets.receive(
            context.storage, NewUpload(source.account_id, path, source.id)
        )
        async with context.db.transaction() as tx:
            asset = await assets.record(tx, context.storage, received)
            if not await store.received(tx, source.id, asset.id):
                raise Conflict("The file of this address has been received already.")
            await ingest.enqueue(tx, source)


async def get(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Tell how a source stands."""
    return {"data": _view(call, await _found(call, tx))}


async def list_sources(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """List the account's sources, newest first."""
    found = await store.newest(tx, call.account_id, LISTED_MAX)
    return {"data": [_view(call, source) for source in found]}


async def delete(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Forget a source and its file."""
    await ingest.delete(tx, call.context.storage, await _found(call, tx))
    return {}


async def _found(call: Call, tx: Transaction) -> Source:
    text = call.request.path_params["id"]
    source_id = call.object_id = id_of(text, "src", NOUN)
    with named(text, NOUN):
        return await store.get(tx, call.account_id, source_id)


def _view(call: Call, source: Source) -> dict[str, Any]:
    """Return a source as Shotstack shows it; members without a value are left out."""
    attributes = {
        "id": uuid_of(source.id),
        "owner": uuid_of(source.account_id),
        "input": source.input,
        "source": call.context.link(source.key) if source.key else None,
        "src": f"{SCHEME}{source.asset_id}" if source.asset_id else None,
        "status": source.status,
        "error": source.error,
        "width": source.width,
        # A text in the schema of which Shotstack's own clients are made.
        "height": None if source.height is None else str(source.height),
        "duration": source.duration,
        "fps": source.fps,
        "created": rfc3339(source.created_at),
        "updated": rfc3339(source.updated_at),
    }
    known = {name: value for name, value in attributes.items() if value is not None}
    return {"type": "source", "id": known["id"], "attributes": known}


def _key(source_id: str) -> str:
    """Return what an upload's signature covers; no object of the storage has such a key."""
    return f"ingest/{source_id}"
