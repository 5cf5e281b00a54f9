"""Uploads: judged by content, kept under their hash, one asset per account and content.

`receive` reads and stores the file and needs no transaction, as it may take minutes; `record`
writes the row. A file stored without a row is litter and no harm: the next upload reuses it.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vidgenie.engine.demux.sniff import CONTAINERS, describe, sniff
from vidgenie.errors import AssetUnsupported
from vidgenie.services import queue, usage
from vidgenie.services.assets import store
from vidgenie.services.assets.model import Asset, Kind, NewUpload, thumbnail_key
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.queue import NewJob
from vidgenie.services.storage import Storage

HEAD_SIZE = 4096
"""Bytes that decide what a file is; every magic number stands at the beginning."""

FILENAME_LENGTH_MAX = 255

THUMBNAIL_KIND = "make_thumbnail"

PICTURED: tuple[Kind, ...] = ("image", "video")
"""Kinds of which there is a small picture."""

FORMS: dict[str, tuple[Kind, str]] = {
    "mov": ("video", "video/mp4"),
    "matroska": ("video", "video/x-matroska"),
    "avi": ("video", "video/x-msvideo"),
    "mpegts": ("video", "video/mp2t"),
    "gif": ("image", "image/gif"),
    "png": ("image", "image/png"),
    "apng": ("image", "image/apng"),
    "avif": ("image", "image/avif"),
    "heic": ("image", "image/heic"),
    "jpeg": ("image", "image/jpeg"),
    "webp": ("image", "image/webp"),
    "bmp": ("image", "image/bmp"),
    "tiff": ("image", "image/tiff"),
    "mp3": ("audio", "audio/mpeg"),
    "wav": ("audio", "audio/wav"),
    "flac": ("audio", "audio/flac"),
    "ogg": ("audio", "audio/ogg"),
    "aac": ("audio", "audio/aac"),
    "aiff": ("audio", "audio/aiff"),
    "ttf": ("font", "font/ttf"),
    "otf": ("font", "font/otf"),
    "woff": ("font", "font/woff"),
    "woff2": ("font", "font/woff2"),
}
"""What each container is kept as: the client's own claim about its file is not asked."""

_BRANDS: dict[bytes, tuple[Kind, str]] = {
    b"M4A ": ("audio", "audio/mp4"),
    b"M4B ": ("audio", "audio/mp4"),
    b"qt  ": ("video", "video/quicktime"),
}
"""Families of the `mov` container, by the brand in its `ftyp` box. Source: ISO 14496-12 §4.3."""

assert set(CONTAINERS) <= set(FORMS)


@dataclass(frozen=True, slots=True)
class Received:
    """An upload that is judged and stored, but not recorded yet."""

    upload: NewUpload
    key: str
    sha256: str
    size: int
    container: str
    kind: Kind
    content_type: str


async def receive(storage: Storage, upload: NewUpload) -> Received:
    """Judge, hash and store an uploaded file; the caller removes the temporary one after `record`.

    Raises: AssetUnsupported with what was found; StorageError; OutOfSpace.
    """
    head, sha256, size = await asyncio.to_thread(_read, upload.path)
    container, kind, content_type = _judge(head)
    key = f"assets/{upload.account_id}/{sha256}"
    if await storage.head(key) is None:
        await storage.put_file(key, upload.path)
    return Received(upload, key, sha256, size, container, kind, content_type)


async def record(tx: Transaction, storage: Storage, received: Received) -> Asset:
    """Write the asset's row; content that the account has already keeps its asset and name."""
    upload = received.upload
    await usage.check_space(tx, upload.account_id, received.size)
    asset = await store.insert(
        tx,
        Asset(
            id=new_id("ast"),
            account_id=upload.account_id,
            sha256=received.sha256,
            key=received.key,
            filename=_filename(upload.filename),
            kind=received.kind,
            container=received.container,
            content_type=received.content_type,
            size=received.size,
            created_at=datetime.now(UTC),
        ),
    )
    if asset.thumbnail_key is None and asset.kind in PICTURED:
        await queue.enqueue(tx, _thumbnail_job(asset))
    # A deletion of the same content may have run between `receive` and here; it holds the row
    # until it is through, so now we see whether it took the file along.
    if await storage.head(received.key) is None:
        await storage.put_file(received.key, upload.path)
    return asset


async def delete(tx: Transaction, storage: Storage, account_id: str, asset_id: str) -> Asset:
    """Forget an asset and its file; renders under way that have read it are not disturbed.

    Raises: NotFound.
    """
    asset = await store.remove(tx, account_id, asset_id)
    await storage.delete(asset.key)
    await storage.delete(thumbnail_key(asset))
    return asset


def _thumbnail_job(asset: Asset) -> NewJob:
    return NewJob(
        kind=THUMBNAIL_KIND,
        queue="upkeep",
        payload={"asset_id": asset.id},
        account_id=asset.account_id,
        unique_key=f"thumbnail/{asset.id}",
    )


def _read(path: Path) -> tuple[bytes, str, int]:
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return head, sha256, file.tell()


def _judge(head: bytes) -> tuple[str, Kind, str]:
    container = sniff(head)
    if container not in FORMS:
        found = describe(head) if container is None else f"a {container} file"
        raise AssetUnsupported(f"The file is {found}; accepted are {', '.join(sorted(FORMS))}.")
    kind, content_type = FORMS[container]
    if container == "mov":
        kind, content_type = _BRANDS.get(head[8:12], (kind, content_type))
    if container == "matroska" and b"webm" in head[:64]:
        content_type = "video/webm"
    return container, kind, content_type


def _filename(name: str) -> str:
    """Return the last part of a client's path, without control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(symbol for symbol in last if symbol.isprintable()).strip()
    return shown[-FILENAME_LENGTH_MAX:] or "upload"
