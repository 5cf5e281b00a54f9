"""The real storages, over obstore: a local folder, S3, Google Cloud Storage, Azure.

obstore's own coroutines are not used: their tokio threads call back into Python, and one that does
so while the interpreter ends aborts the process (seen in 3 of 21 short runs, exit status 134;
PyO3/pyo3-async-runtimes #40). The blocking calls run in threads of our own, which end before.
"""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from vidgenie.errors import OutOfSpace, StorageError
from vidgenie.services.storage.model import Storage, StoredObject, check_key, missing

if TYPE_CHECKING:
    from obstore import ObjectMeta

THREADS_MAX = 8
"""Storage calls under way at a time, in threads of their own: renders hold the common ones."""

BLOCK_SIZE = 4 << 20
"""Bytes per read: one request to an object store each, so not few; held in memory, so not many."""

SCHEMES = ("file", "s3", "gs", "az", "memory")

T = TypeVar("T")


def open_storage(url: str) -> Storage:
    """Open a storage by URL or path: a folder, `file://…`, `s3://bucket/prefix`, `gs://…`, `az://…`.

    Credentials come from the environment, as each vendor's own tools read them.

    Raises: StorageError when the URL is not understood or the folder cannot be made.
    """
    scheme = urlsplit(url).scheme if "://" in url else "file"
    if scheme not in SCHEMES:
        raise StorageError(
            f"Storage {url!r} has the scheme {scheme!r}; use a folder's path or one of"
            f" {', '.join(f'{name}://' for name in SCHEMES)}."
        )
    if scheme == "file":
        return _open_folder(Path(urlsplit(url).path if "://" in url else url))
    try:
        return ObjectStorage(from_url(url))
    except (BaseError, ValueError) as error:
        raise StorageError(f"Storage {url!r} cannot be opened: {_first_line(error)}") from error


def _open_folder(folder: Path) -> "ObjectStorage":
    try:
        folder = folder.expanduser().absolute()
        folder.mkdir(parents=True, exist_ok=True)
        return ObjectStorage(LocalStore(folder, automatic_cleanup=True, mkdir=True), folder)
    except (BaseError, OSError) as error:
        raise StorageError(
            f"The storage folder {str(folder)!r} cannot be used: {_first_line(error)}"
        ) from error


class ObjectStorage:
    """A storage over any obstore store; `folder` is its root where that is on this machine."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder
        self._threads = ThreadPoolExecutor(THREADS_MAX, thread_name_prefix="storage")

    async def put_file(self, key: str, path: Path) -> StoredObject:
        """Store a local file's content."""
        await self._run(key, obstore.put, self._store, check_key(key), path)
        held = await self.head(key)
        if held is None:
            raise missing(key)
        return held

    async def get_file(self, key: str, path: Path) -> None:
        """Write an object to a local file."""
        held = await self.head(key)
        if held is None:
            raise missing(key)
        await self._run(key, self._copy, key, held.size, path)

    def _copy(self, key: str, size: int, path: Path) -> None:
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("wb") as file:
                if size:
                    for block in obstore.get(self._store, key).stream(min_chunk_size=BLOCK_SIZE):
                        file.write(block)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    async def open_range(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """Yield bytes of an object, a block per request: no connection stays open in between."""
        check_key(key)
        for at in range(start, stop, BLOCK_SIZE):
            end = min(at + BLOCK_SIZE, stop)
            block = await self._run(
                key, partial(obstore.get_range, self._store, key, start=at, end=end)
            )
            yield bytes(block)

    async def head(self, key: str) -> StoredObject | None:
        """Tell what is stored under a key."""
        try:
            return _stored(await self._run(key, obstore.head, self._store, check_key(key)))
        except _Absent:
            return None

    async def delete(self, key: str) -> None:
        """Remove an object."""
        try:
            await self._run(key, obstore.delete, self._store, check_key(key))
        except _Absent:
            return

    async def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        """Yield the objects under a prefix."""
        batches = iter(obstore.list(self._store, prefix=check_key(prefix)))
        while batch := await self._run(prefix, next, batches, ()):
            for meta in batch:
                yield _stored(meta)

    def local_path(self, key: str) -> Path | None:
        """Return the object's file, where the storage is a folder and has it."""
        check_key(key)
        if self._folder is None:
            return None
        path = self._folder / key
        return path if path.is_file() else None

    async def _run(self, key: str, call: Callable[..., T], *args: object) -> T:
        loop = asyncio.get_running_loop()
        with _translated(key):
            return await loop.run_in_executor(self._threads, partial(call, *args))


class _Absent(StorageError):
    """There is no such object."""


def _stored(meta: "ObjectMeta") -> StoredObject:
    return StoredObject(meta["path"], meta["size"], meta["e_tag"] or '""', meta["last_modified"])


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Turn obstore's and the system's errors into ours; the full text stays in the cause."""
    try:
        yield
    except FileNotFoundError as error:
        raise _Absent(f"There is no object {key!r} in the storage.") from error
    except (BaseError, OSError) as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        if full or "(os error 28)" in str(error) or "(os error 122)" in str(error):
            raise OutOfSpace(
                f"There is no room left to write {key!r}; free some space or grow the volume."
            ) from error
        raise StorageError(f"The storage failed at {key!r}: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
