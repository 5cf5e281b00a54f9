"""asset.*: files that timelines may name."""

import asyncio
import errno
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import ById, Page
from vidgenie.engine import sandbox
from vidgenie.errors import (
    OutOfSpace,
    PayloadTooLarge,
    Problem,
    RequestInvalid,
    UnsupportedMediaType,
)
from vidgenie.services import assets
from vidgenie.services.assets import Asset, NewUpload, asset_view
from vidgenie.services.assets.model import SCHEME
from vidgenie.services.db.pool import Transaction

FORM_OVERHEAD = 64 << 10
"""Bytes of a form around its file."""

FIELDS_MAX = 10
"""Fields beside the file that a client may send; none is read."""

BLOCK_SIZE = 1 << 20


async def upload(call: Call) -> dict[str, Any]:
    """Take a file (multipart field `file`); name it in a timeline by its `src`."""
    context, request = call.context, call.request
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise UnsupportedMediaType(
            f"asset.upload takes multipart/form-data, not {kind or 'nothing'!r}"
            " (curl: -F file=@video.mp4)."
        )
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > context.upload_bytes_max + FORM_OVERHEAD:
        raise _too_large(context.upload_bytes_max)
    try:
        blocks = _limited(request.stream(), context.upload_bytes_max)
        form = await MultiPartParser(
            request.headers, blocks, max_files=1, max_fields=FIELDS_MAX
        ).parse()
    except MultiPartException as error:
        raise RequestInvalid(f"The form cannot be read: {error.message}.") from None
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise RequestInvalid(
                "The form has no file in its field `file`.",
                problems=[Problem("/file", "missing", "`file` is missing")],
            )
        asset = await _take(call, file)
    finally:
        await form.close()
    call.object_id = asset.id
    return {"asset": asset_view(asset, context.link)}


async def _take(call: Call, file: UploadFile) -> Asset:
    """Judge, keep and record an uploaded file."""
    context = call.context
    with tempfile.TemporaryDirectory(dir=context.upload_dir) as folder:
        path = Path(folder) / "upload"
        await save(_blocks_of(file), path, context.upload_bytes_max)
        received = await assets.receive(
            context.storage, NewUpload(call.account_id, path, file.filename or "")
        )
        async with context.db.transaction() as tx:
            return await assets.record(tx, context.storage, received)


async def _limited(blocks: AsyncIterator[bytes], size_max: int) -> AsyncGenerator[bytes, None]:
    """Pass a body on, up to its limit: one without a Content-Length must not fill the disk."""
    size = 0
    async for block in blocks:
        size += len(block)
        if size > size_max + FORM_OVERHEAD:
            raise _too_large(size_max)
        yield block


async def _blocks_of(file: UploadFile) -> AsyncIterator[bytes]:
    while block := await file.read(BLOCK_SIZE):
        yield block


async def save(blocks: AsyncIterator[bytes], path: Path, size_max: int) -> None:
    """Write what a client sends to a file. Raises: PayloadTooLarge, OutOfSpace."""
    size = 0
    try:
        with path.open("wb") as target:
            async for block in blocks:
                size += len(block)
                if size > size_max:
                    raise _too_large(size_max)
                await asyncio.to_thread(target.write, block)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise OutOfSpace("There is no room left on the server for this upload.") from error


def _too_large(size_max: int) -> PayloadTooLarge:
    return PayloadTooLarge(
        f"The file is larger than {size_max >> 20} MiB, the limit of one upload (--upload-max)."
    )


async def list_assets(call: Call, tx: Transaction, takes: Page) -> dict[str, Any]:
    """List the account's uploaded files, newest first."""
    found, cursor = await assets.page(tx, call.account_id, limit=takes.limit, cursor=takes.cursor)
    return {
        "assets": [asset_view(asset, call.context.link) for asset in found],
        "next_cursor": cursor,
    }


async def delete(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Delete an uploaded file; edits that name it can no longer be rendered."""
    await assets.delete(tx, call.context.storage, call.account_id, takes.id)
    return {}


async def probe(call: Call, takes: ById) -> dict[str, Any]:
    """Return what an uploaded file holds: duration, picture, sound."""
    context = call.context
    async with context.db.transaction() as tx:
        asset = await assets.get(tx, call.account_id, takes.id)
    async with context.probes:
        local = await context.fetcher.fetch(context.db, call.account_id, f"{SCHEME}{asset.id}")
        facts: MediaFacts = await asyncio.to_thread(
            sandbox.run, "probe", (local.path,), limits=context.probe_limits
        )
    return {"probe": {"id": asset.id, **facts_view(facts)}}


def facts_view(facts: MediaFacts) -> dict[str, Any]:
    """Return a file's facts; a picture's size is the one that is shown."""
    video, audio = facts.video, facts.audio
    return {
        "container": facts.container,
        "duration": None if facts.is_image else round(facts.duration_s, 6),
        "is_image": facts.is_image,
        "video": None
        if video is None
        else {
            "width": video.width,
            "height": video.height,
            "fps": None if facts.is_image else round(float(video.frames.rate), 3),
            "frames": video.frames.count,
            "codec": video.codec,
            "pixel_format": video.pixel_format,
            "has_alpha": video.has_alpha,
            "rotation": video.rotation,
        },
        "audio": None
        if audio is None
        else {
            "sample_rate": audio.sample_rate_hz,
            "channels": audio.channels,
            "codec": audio.codec,
        },
        "font": None if facts.font is None else asdict(facts.font),
        "captions": None if facts.captions is None else len(facts.captions.cues),
    }


async def get(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Return an uploaded file's facts."""
    asset = await assets.get(tx, call.account_id, takes.id)
    return {"asset": asset_view(asset, call.context.link)}
