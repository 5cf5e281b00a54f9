"""Rows of the destinations room, and what is sent to one."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Provider = Literal["s3", "http"]


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket as a client names it, with the keys that may write to it.

    Without an `endpoint` it is Amazon's. `is_path_style`: the bucket stands in the path, not in the
    host's name.
    """

    bucket: str
    region: str
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None
    endpoint: str | None = None
    prefix: str = ""
    is_path_style: bool | None = None


@dataclass(frozen=True, slots=True)
class HttpPlace:
    """An address below which files are PUT; its query and the headers are secrets."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where copies go: `place` is what may be shown of it, `secrets` is encrypted."""

    id: str
    account_id: str
    name: str
    provider: Provider
    place: Mapping[str, Any]
    secrets: bytes
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file to be sent: `path` is its place below the destination's own.

    `blocks` reads it from its beginning, as often as it is called; `sha256` in hex, where known:
    the receiver can prove the content by it. `acl` is who may read it in a bucket.
    """

    path: str
    size: int
    content_type: str
    blocks: Callable[[], AsyncIterator[bytes]]
    sha256: str | None = None
    acl: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one attempt: `error` in words, None when the file is there.

    `is_final`: another attempt would end in the same way.
    """

    url: str
    status: int | None
    ms: int
    error: str | None = None
    is_final: bool = False


def destination_view(destination: Destination, secret: str | None = None) -> dict[str, Any]:
    """Return what `destination.get` answers; `secret` only when just made."""
    view = {
        "id": destination.id,
        "name": destination.name,
        "provider": destination.provider,
        "s3": destination.place if destination.provider == "s3" else None,
        "http": destination.place if destination.provider == "http" else None,
        "created_at": _rfc3339(destination.created_at),
        "updated_at": _rfc3339(destination.updated_at),
    }
    return view if secret is None else {**view, "secret": secret}


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
