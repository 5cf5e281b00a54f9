"""Rows of the assets room, and their JSON form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

Kind = Literal["video", "audio", "image", "font"]

SCHEME = "asset://"
"""How an edit names an uploaded asset: `asset://ast_…`."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that an account uploaded; the same content twice is one asset."""

    id: str
    account_id: str
    sha256: str
    key: str
    filename: str
    kind: Kind
    container: str
    content_type: str
    size: int
    created_at: datetime
    thumbnail_key: str | None = None

    def __str__(self) -> str:
        return f"{SCHEME}{self.id} ({self.filename}, {self.container}, {self.size:,} bytes)"


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file that a client has sent, waiting at a temporary `path`."""

    account_id: str
    path: Path
    filename: str


@dataclass(frozen=True, slots=True)
class Source:
    """What an address held when it was fetched last; `is_fresh` while it need not be asked."""

    sha256: str
    size: int
    etag: str | None
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class LocalAsset:
    """A source as a file of this machine, to be read only."""

    path: Path
    sha256: str
    size: int


def thumbnail_key(asset: Asset) -> str:
    """Return where an asset's picture is kept, once it is made."""
    return f"{asset.key}-thumb.jpg"


def asset_view(asset: Asset, link: Callable[[str], str]) -> dict[str, Any]:
    """Return what `asset.get` answers under `data.asset`."""
    created = asset.created_at.astimezone(UTC).isoformat(timespec="milliseconds")
    return {
        "id": asset.id,
        "src": f"{SCHEME}{asset.id}",
        "filename": asset.filename,
        "kind": asset.kind,
        "container": asset.container,
        "content_type": asset.content_type,
        "size": asset.size,
        "sha256": asset.sha256,
        "thumbnail_url": link(asset.thumbnail_key) if asset.thumbnail_key else None,
        "created_at": created.replace("+00:00", "Z"),
    }
