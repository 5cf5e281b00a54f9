"""asset.upload_url: an address to which anybody who has it may send one file, for a while.

    a program with the key ── asset.upload_url ──→ url ── to a browser ── PUT ──→ asset

The browser never sees the key; the signature in the address is the permission.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.context import Context
from vidgenie.edges.rpc.methods.asset import save
from vidgenie.edges.rpc.models import UploadUrl
from vidgenie.errors import Forbidden
from vidgenie.services import assets
from vidgenie.services.accounts import store as accounts
from vidgenie.services.assets import NewUpload, asset_view
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders.view import rfc3339
from vidgenie.services.storage import signing

TTL_S = 3600
PATH = "/uploads/{account_id}/{upload_id}"


async def upload_url(call: Call, tx: Transaction, takes: UploadUrl) -> dict[str, Any]:
    """Give an address to PUT a file to within an hour; its answer has the asset."""
    context = call.context
    key = _key(call.account_id, new_id("upl"))
    link = signing.sign(
        context.policy.secret_key, context.public_url, key, TTL_S, filename=takes.filename
    )
    url = f"{context.public_url.rstrip('/')}/{key}?{urlsplit(link).query}"
    expires = rfc3339(datetime.now(UTC) + timedelta(seconds=TTL_S))
    return {"upload": {"method": "PUT", "url": url, "expires_at": expires}}


async def receive(request: Request) -> Response:
    """Take the file that is sent to such an address.

    Raises: Forbidden; AssetUnsupported with what was found; PayloadTooLarge; QuotaExceeded.
    """
    context: Context = request.app.state.context
    account_id, query = request.path_params["account_id"], request.query_params
    filename = query.get("name")
    verdict = signing.verify(
        context.policy.secret_key,
        _key(account_id, request.path_params["upload_id"]),
        expires=query.get("exp", ""),
        signature=query.get("sig", ""),
        filename=filename,
    )
    if verdict != "valid":
        why = "has expired; ask asset.upload_url for another" if verdict == "expired" else "is none"
        raise Forbidden(f"This address {why}: use it whole and unchanged, within an hour.")
    async with context.db.transaction() as tx:
        if (await accounts.get(tx, account_id)).status != "active":
            raise Forbidden("The account of this address takes no files.")
    with tempfile.TemporaryDirectory(dir=context.upload_dir) as folder:
        path = Path(folder) / "upload"
        await save(request.stream(), path, context.upload_bytes_max)
        received = await assets.receive(
            context.storage, NewUpload(account_id, path, filename or "")
        )
        async with context.db.transaction() as tx:
            asset = await assets.record(tx, context.storage, received)
    data = {"asset": asset_view(asset, context.link)}
    return JSONResponse({"ok": True, "data": data, "request_id": request.scope["request_id"]})


def _key(account_id: str, upload_id: str) -> str:
    """Return what is signed: no stored object lies there, so the link reads nothing."""
    return f"uploads/{account_id}/{upload_id}"
