"""A worker's folder of sources by content, so that a machine copies each of them once.

Files are linked where the storage is on the same disk, else copied. The least recently used go
when the folder grows over its size, but none that was used lately: a render may be about to
open it again.
"""

import asyncio
import os
import time
from pathlib import Path
from uuid import uuid4

from vidgenie.services.storage import Storage

SIZE_MAX = 20 << 30
"""Bytes kept: a few hundred sources of ordinary renders."""

IN_USE_S = 3600.0
"""A file used within the last hour stays, however full the folder: longer than a render takes."""


class FileCache:
    """Files named by their SHA-256, the access time being that of the last use."""

    def __init__(
        self, folder: Path, *, size_max: int = SIZE_MAX, in_use_s: float = IN_USE_S
    ) -> None:
        self._folder = folder
        self._size_max = size_max
        self._in_use_s = in_use_s
        folder.mkdir(parents=True, exist_ok=True)

    def temporary(self) -> Path:
        """Return a fresh path in the folder, for a file that is not complete yet."""
        return self._folder / f"{uuid4().hex}.part"

    def find(self, sha256: str) -> Path | None:
        """Return the file with this content and note its use."""
        path = self._folder / sha256
        return path if _note_use(path) else None

    async def keep(self, part: Path, sha256: str) -> Path:
        """Take a complete temporary file in."""
        return await asyncio.to_thread(self._keep, part, sha256)

    async def bring(self, storage: Storage, key: str, sha256: str) -> Path:
        """Return a stored object as a file here. Raises: StorageError, OutOfSpace."""
        if (found := self.find(sha256)) is not None:
            return found
        part = self.temporary()
        try:
            local = storage.local_path(key)
            if local is None or not _link(local, part):
                await storage.get_file(key, part)
            return await self.keep(part, sha256)
        finally:
            part.unlink(missing_ok=True)

    def _keep(self, part: Path, sha256: str) -> Path:
        path = self._folder / sha256
        if not path.exists():
            os.replace(part, path)
        _note_use(path)
        self._shrink()
        return path

    def _shrink(self) -> None:
        used = []
        for entry in os.scandir(self._folder):
            try:
                facts = entry.stat()
            except FileNotFoundError:  # another process of this machine shrinks, too
                continue
            used.append((facts.st_atime, facts.st_size, entry.path))
        total = sum(size for _, size, _ in used)
        for last_use, size, path in sorted(used):
            if total <= self._size_max or last_use > time.time() - self._in_use_s:
                return
            Path(path).unlink(missing_ok=True)
            total -= size


def _note_use(path: Path) -> bool:
    """Set the time of the last access only: a link shares its times with the stored object.

    In nanoseconds: as a float of seconds the other time would move by a microsecond now and then.
    """
    try:
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    except FileNotFoundError:
        return False
    return True


def _link(source: Path, target: Path) -> bool:
    """Make a hard link; False where the file system or a disk between does not let us."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True
