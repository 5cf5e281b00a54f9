"""What a storage is: objects under keys, put whole or not at all."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from vidgenie.errors import StorageError

KEY_LENGTH_MAX = 512
"""S3 allows 1,024 bytes, of which a bucket's prefix takes some."""

# No dot at the start of a segment: neither `..` nor hidden files. No character that a store or a
# URL would have to escape, so that key, path and link are one text.
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object: `size` in bytes; `etag` changes with the content, quoted as in HTTP."""

    key: str
    size: int
    etag: str
    modified_at: datetime


class Storage(Protocol):
    """Objects under keys such as `assets/acc_1/9f86…`; every method may raise StorageError."""

    async def put_file(self, key: str, path: Path) -> StoredObject:
        """Store a local file's content: readers see the old object or the new, never a part.

        Raises: OutOfSpace when the storage is full.
        """
        ...

    async def get_file(self, key: str, path: Path) -> None:
        """Write an object to a local file, which appears when it is complete.

        Raises: StorageError when there is no such object; OutOfSpace when the disk is full.
        """
        ...

    def open_range(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """Yield the bytes `start` (included) to `stop` (excluded), which lie in the object."""
        ...

    async def head(self, key: str) -> StoredObject | None:
        """Tell what is stored under a key, if anything is."""
        ...

    async def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        ...

    def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        """Yield the objects whose keys begin with the segments of `prefix`, in no order."""
        ...

    def local_path(self, key: str) -> Path | None:
        """Return where the object lies on this machine, to be read only; None if it does not."""
        ...


def check_key(key: str) -> str:
    """Return the key. Raises: StorageError when it could leave the storage or confuse it."""
    segments = key.split("/")
    if len(key) > KEY_LENGTH_MAX or not all(_SEGMENT.fullmatch(part) for part in segments):
        raise StorageError(
            f"{key[:200]!r} is no storage key: segments of letters, digits, `.`, `_` and `-`"
            " that do not begin with a dot, joined by `/`."
        )
    return key


def missing(key: str) -> StorageError:
    """Return the error that says that nothing is stored under a key."""
    return StorageError(f"There is no object {key!r} in the storage.")
