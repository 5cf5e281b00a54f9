"""Chunks kept from one render for the next one of the same account.

A row says what a chunk's file must hold; a file that holds anything else is forgotten and made
anew. The key holds the account, so nobody learns from a hit what another account rendered.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from vidgenie.errors import StorageError
from vidgenie.services.db.pool import Database
from vidgenie.services.db.sql import Statements
from vidgenie.services.renders.model import Part
from vidgenie.services.storage import Storage

sql = Statements(__package__)

SPARED_S = 6 * 3600
"""A chunk used so lately is not evicted: a render that still runs may be about to join it."""


def object_of(key: str) -> str:
    """Return where a chunk is stored."""
    return f"chunks/{key}"


async def find(db: Database, storage: Storage, key: str, folder: Path) -> bool:
    """Tell whether a whole, undamaged chunk of this key is kept; a damaged one is forgotten."""
    async with db.transaction() as tx:
        row = await (await tx.execute(sql.kept_chunk, {"key": key})).fetchone()
    if row is None:
        return False
    try:
        path = storage.local_path(object_of(key))
        if path is None:
            path = folder / "kept"
            await storage.get_file(object_of(key), path)
        if sha256_of(path) == row["sha256"]:
            return True
    except (StorageError, OSError):
        pass  # as good as damaged
    async with db.transaction() as tx:
        await tx.execute(sql.forget_chunk, {"key": key})
    return False


async def kept_of(db: Database, keys: Sequence[str]) -> frozenset[str]:
    """Return which of some chunks are kept, as far as the rows say."""
    async with db.transaction() as tx:
        rows = await (await tx.execute(sql.kept_chunks, {"keys": list(keys)})).fetchall()
    return frozenset(row["key"] for row in rows)


async def keep(db: Database, storage: Storage, key: str, path: Path, *, account_id: str) -> str:
    """Store a chunk's file under its key; return the object's name."""
    stored = await storage.put_file(object_of(key), path)
    values = {
        "key": key,
        "account_id": account_id,
        "size": stored.size,
        "sha256": sha256_of(path),
    }
    async with db.transaction() as tx:
        await tx.execute(sql.keep_chunk, values)
    return stored.key


async def evict(db: Database, storage: Storage, *, size_max: int) -> int:
    """Let the least recently used chunks go until the rest fits; return how many went."""
    values = {"size_max": size_max, "spared_s": SPARED_S}
    async with db.transaction() as tx:
        rows = await (await tx.execute(sql.evict_chunks, values)).fetchall()
    for row in rows:
        await storage.delete(object_of(row["key"]))
    return len(rows)


def first_of_each(keys: Sequence[str]) -> list[int]:
    """Return for each chunk the number of the first one with its key: only that one is made."""
    firsts: dict[str, int] = {}
    return [firsts.setdefault(key, index) for index, key in enumerate(keys)]


def cache_view(parts: Sequence[Part], frames: int) -> dict[str, int]:
    """Return what of an output's frames was encoded for it, was copied, or stood ready."""
    stats = [part.stats or {} for part in parts]
    encoded = sum(each.get("frames_encoded", 0) for each in stats)
    copied = sum(each.get("frames_copied", 0) for each in stats)
    return {
        "frames_encoded": encoded,
        "frames_copied": copied,
        "frames_reused": max(0, frames - encoded - copied),
        "chunks_made": sum("frames_encoded" in each for each in stats),
        "chunks_reused": sum("frames_reused" in each for each in stats),
    }


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
