"""A storage in memory, for tests; it passes the suite of the real ones."""

import errno
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from vidgenie.errors import OutOfSpace
from vidgenie.services.storage.model import StoredObject, check_key, missing

BLOCK_SIZE = 1 << 16


class MemoryStorage:
    """Objects in a dictionary; full when they exceed `size_max` bytes."""

    def __init__(self, size_max: int | None = None) -> None:
        self._objects: dict[str, tuple[StoredObject, bytes]] = {}
        self._size_max = size_max

    async def put_file(self, key: str, path: Path) -> StoredObject:
        """Store a local file's content."""
        check_key(key)
        content = path.read_bytes()  # noqa: ASYNC240  # tests' files are small
        others = sum(held.size for name, (held, _) in self._objects.items() if name != key)
        if self._size_max is not None and others + len(content) > self._size_max:
            raise OutOfSpace("There is no room left in the storage.")
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        held = StoredObject(key, len(content), etag, datetime.now(UTC))
        self._objects[key] = held, content
        return held

    async def get_file(self, key: str, path: Path) -> None:
        """Write an object to a local file."""
        content = self._content(key)
        try:
            path.write_bytes(content)  # noqa: ASYNC240  # tests' files are small
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise OutOfSpace("There is no room left on this machine's disk.") from error
            raise

    async def open_range(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """Yield bytes of an object."""
        content = self._content(key)
        for at in range(start, stop, BLOCK_SIZE):
            yield content[at : min(at + BLOCK_SIZE, stop)]

    async def head(self, key: str) -> StoredObject | None:
        """Tell what is stored under a key."""
        found = self._objects.get(check_key(key))
        return found[0] if found else None

    async def delete(self, key: str) -> None:
        """Remove an object."""
        self._objects.pop(check_key(key), None)

    async def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        """Yield the objects under a prefix."""
        check_key(prefix)
        for key in sorted(self._objects):
            if key.startswith(f"{prefix}/"):
                yield self._objects[key][0]

    def local_path(self, key: str) -> Path | None:
        """Return None: memory has no paths."""
        check_key(key)
        return None

    def _content(self, key: str) -> bytes:
        if check_key(key) not in self._objects:
            raise missing(key)
        return self._objects[key][1]
