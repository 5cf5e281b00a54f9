"""`/files/…`: stored objects behind signed links, with ranges, so that players can seek.

The link is the permission: no account is asked. Source: RFC 9110 §13 (conditions), §14 (ranges).
"""

import mimetypes
import re
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from vidgenie.errors import StorageError
from vidgenie.services.storage import Storage, StoredObject
from vidgenie.services.storage.playlists import is_playlist, signed_playlist
from vidgenie.services.storage.signing import verify

_RANGE = re.compile(r"bytes=\s*([0-9]{0,19})\s*-\s*([0-9]{0,19})\s*")
_INLINE = ("video/", "audio/", "image/", "font/")

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"

HEADERS = {
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=3600",
    "x-content-type-options": "nosniff",
    # Uploads are strangers' bytes on our origin: whatever they are, nothing in them runs.
    "content-security-policy": "default-src 'none'; media-src 'self'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `start` (included) to `stop` (excluded) of an object."""

    start: int
    stop: int


def files_router(storage: Storage, secret_key: bytes) -> APIRouter:
    """Return the routes of `/files`: `GET` and `HEAD` of links that `storage.signing.sign` made."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/files/{key:path}", methods=["GET", "HEAD"])
    async def read_file(request: Request, key: str) -> Response:
        query = request.query_params
        filename = query.get("name")
        verdict = verify(
            secret_key,
            key,
            expires=query.get("exp", ""),
            signature=query.get("sig", ""),
            filename=filename,
        )
        if verdict != "valid":
            return _refusal(verdict)
        try:
            held = await storage.head(key)
        except StorageError:
            return _error(503, "unavailable", "The storage cannot be reached; try again shortly.")
        if held is None:
            return _error(404, "not_found", "This file is no longer stored.")
        if is_playlist(key):
            text = b"".join([part async for part in storage.open_range(key, 0, held.size)])
            signed = signed_playlist(text.decode(), key, query["exp"], secret_key)
            return Response(signed, headers={**HEADERS, "content-type": PLAYLIST_TYPE})
        return _answer(request, storage, held, filename)

    return router


def _refusal(verdict: str) -> Response:
    if verdict == "expired":
        return _error(
            403, "link_expired", "This link has expired; ask the API for the object once more."
        )
    return _error(
        403, "link_invalid", "This link's signature does not hold; use it whole and unchanged."
    )


def _error(status: int, code: str, message: str) -> Response:
    error = {"code": code, "message": message, "details": []}
    return JSONResponse(
        {"ok": False, "error": error}, status, {**HEADERS, "cache-control": "no-store"}
    )


def _answer(
    request: Request, storage: Storage, held: StoredObject, filename: str | None
) -> Response:
    headers = {**HEADERS, "etag": held.etag, **_content_headers(held.key, filename)}
    if request.headers.get("if-none-match") in (held.etag, "*"):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range")
    if request.headers.get("if-range", held.etag) != held.etag:
        wanted = None
    found = byte_range(wanted, held.size)
    if found is None:
        headers["content-range"] = f"bytes */{held.size}"
        return Response(status_code=416, headers=headers)
    is_part = wanted is not None and found != ByteRange(0, held.size)
    if is_part:
        headers["content-range"] = f"bytes {found.start}-{found.stop - 1}/{held.size}"
    headers["content-length"] = str(found.stop - found.start)
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(storage.open_range(held.key, found.start, found.stop), status, headers)


def byte_range(header: str | None, size: int) -> ByteRange | None:
    """Return what a `Range` header asks of an object; None when no byte of it exists.

    Headers we do not understand, and lists of ranges, count as none: the whole object answers.
    """
    match = _RANGE.fullmatch(header or "")
    if match is None or not any(match.groups()):
        return ByteRange(0, size)
    first, last = match.groups()
    if not first:  # the last so many bytes
        count = min(int(last), size)
        return ByteRange(size - count, size) if count else None
    start = int(first)
    stop = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return ByteRange(0, size)
    return ByteRange(start, stop) if start < size else None


def _content_headers(key: str, filename: str | None) -> dict[str, str]:
    name = filename or key.rpartition("/")[2]
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_shown = kind.startswith(_INLINE) and kind != "image/svg+xml"
    disposition = "inline" if is_shown else "attachment"
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return {
        "content-type": kind,
        # Source: RFC 6266 §5, a plain name for old clients and the true one beside it.
        "content-disposition": (
            f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        ),
    }
