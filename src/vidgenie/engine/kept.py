"""Chunks kept in a folder for the next render on this machine.

A file's name is its chunk's key and the hash of its content, so a damaged or half-written one is
never taken for a chunk: it is deleted and made anew. Which was used when is its modification time.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

HASH_LETTERS = 32
STALE_S = 3600
"""A file that is still being written after so long was left behind by a process that died."""


class KeptChunks:
    """A folder of chunks, the least recently used of which go when it grows too large."""

    def __init__(self, folder: Path, *, size_max: int) -> None:
        """Use `folder`, which need not exist yet; `size_max` in bytes."""
        self._folder = folder
        self._size_max = size_max
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def find(self, key: str, target: Path) -> bool:
        """Put the chunk of a key at `target`, verified; tell whether there is one."""
        for path in self._folder.glob(f"{key}-*"):
            with suppress(OSError):
                if _hash_of(path) == path.name.partition("-")[2]:
                    os.utime(path)
                    _lay(path, target)
                    return True
                path.unlink()
        return False

    def keep(self, key: str, path: Path) -> None:
        """Keep a chunk's file; a full or read-only disk is no reason to fail a render."""
        part = self._folder / f".{uuid4().hex}"
        try:
            _lay(path, part)
            part.rename(self._folder / f"{key}-{_hash_of(path)}")
        except OSError:
            part.unlink(missing_ok=True)

    def shrink(self) -> int:
        """Delete the least recently used chunks until the rest fits; return how many went."""
        found = []
        for path in self._folder.iterdir():
            with suppress(OSError):
                facts = path.stat()
                found.append((facts.st_mtime, facts.st_size, path))
        found.sort(key=lambda entry: entry[0], reverse=True)
        newest, total, gone = found[0][0] if found else 0.0, 0, 0
        for modified, size, path in found:
            total += size
            is_stale = path.name.startswith(".") and modified < newest - STALE_S
            if total > self._size_max or is_stale:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


def _lay(path: Path, target: Path) -> None:
    """Put a file at a second place: as a link where both are on one disk, else as a copy."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:HASH_LETTERS]
