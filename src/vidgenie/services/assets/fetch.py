"""From a source as an edit names it to a local file: downloaded once, kept by content.

    asset://ast_…  → the account's upload ──────────────────┐
    https://…      → known, asked within a day ─────────────┤→ storage → this machine's cache
                   → else downloaded (or unchanged: 304) ───┘

Fetched files go to the storage too, so that other workers do not ask the source's server again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from weakref import WeakValueDictionary

from vidgenie.errors import AssetForbidden, AssetMissing, NotFound
from vidgenie.services.assets import store
from vidgenie.services.assets.cache import FileCache
from vidgenie.services.assets.model import SCHEME, LocalAsset, Source
from vidgenie.services.db.pool import Database
from vidgenie.services.net.client import Downloaded, FetchLimits, GuardedClient
from vidgenie.services.storage import Storage

DOWNLOADS_MAX = 4
"""Downloads of one worker at a time: more only share the same line."""


class Fetcher:
    """Brings sources to this machine; one per worker process."""

    def __init__(
        self, client: GuardedClient, storage: Storage, cache_dir: Path, limits: FetchLimits
    ) -> None:
        self._client = client
        self._storage = storage
        self._cache = FileCache(cache_dir)
        self._limits = limits
        self._downloads = asyncio.Semaphore(DOWNLOADS_MAX)
        self._under_way: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def fetch(
        self, db: Database, account_id: str, src: str, *, reuse: bool = True
    ) -> LocalAsset:
        """Return a source as a local file; without `reuse` its server is asked in any case.

        Raises: AssetForbidden, AssetMissing, AssetUnreachable, AssetTooLarge; StorageError;
        OutOfSpace.
        """
        if src.startswith(SCHEME):
            return await self._uploaded(db, account_id, src)
        scheme = src.partition(":")[0].lower() if ":" in src else ""
        if scheme not in ("http", "https"):
            raise AssetForbidden(
                f"A source is an https:// or http:// URL or an uploaded asset ({SCHEME}ast_…);"
                f" this one is {src[:200]!r}.",
                src=src,
            )
        async with self._alone(account_id, src):
            return await self._fetched(db, account_id, src, reuse=reuse)

    async def _uploaded(self, db: Database, account_id: str, src: str) -> LocalAsset:
        try:
            async with db.transaction() as tx:
                asset = await store.get(tx, account_id, src.removeprefix(SCHEME))
        except NotFound as error:
            raise AssetMissing(error.message, src=src) from error
        path = await self._cache.bring(self._storage, asset.key, asset.sha256)
        return LocalAsset(path, asset.sha256, asset.size)

    @asynccontextmanager
    async def _alone(self, account_id: str, url: str) -> AsyncIterator[None]:
        """Let renders that want the same address at once wait for one download."""
        lock = self._under_way.setdefault((account_id, url), asyncio.Lock())
        async with lock:
            yield

    async def _fetched(self, db: Database, account_id: str, url: str, *, reuse: bool) -> LocalAsset:
        async with db.transaction() as tx:
            known = await store.source(tx, account_id, url)
        if known is not None and not await self._is_kept(account_id, known):
            known = None
        if known is not None and known.is_fresh and reuse:
            return await self._local(account_id, known.sha256, known.size)
        part = self._cache.temporary()
        try:
            async with self._downloads:
                got = await self._client.download(
                    url, part, self._limits, etag=known.etag if known else None
                )
            if got is None:
                assert known is not None, "only a known entity tag can be unchanged"
                await self._note(db, account_id, url, known)
                return await self._local(account_id, known.sha256, known.size)
            return await self._keep(db, account_id, url, got, part)
        finally:
            part.unlink(missing_ok=True)

    async def _keep(
        self, db: Database, account_id: str, url: str, got: Downloaded, part: Path
    ) -> LocalAsset:
        """Store a download, then note it: a note without its file would be a lie."""
        key = _key(account_id, got.sha256)
        if await self._storage.head(key) is None:
            await self._storage.put_file(key, part)
        await self._note(db, account_id, url, Source(got.sha256, got.size, got.etag, True))
        path = await self._cache.keep(part, got.sha256)
        return LocalAsset(path, got.sha256, got.size)

    async def _note(self, db: Database, account_id: str, url: str, held: Source) -> None:
        async with db.transaction() as tx:
            await store.note_source(
                tx, account_id, url, sha256=held.sha256, size=held.size, etag=held.etag
            )

    async def _local(self, account_id: str, sha256: str, size: int) -> LocalAsset:
        path = await self._cache.bring(self._storage, _key(account_id, sha256), sha256)
        return LocalAsset(path, sha256, size)

    async def _is_kept(self, account_id: str, known: Source) -> bool:
        """Tell whether the storage still has a source; what is cleaned away is fetched anew."""
        return (
            self._cache.find(known.sha256) is not None
            or await self._storage.head(_key(account_id, known.sha256)) is not None
        )


def _key(account_id: str, sha256: str) -> str:
    return f"sources/{account_id}/{sha256}"
