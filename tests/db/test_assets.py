"""Uploads and fetched sources on a real database and a real folder."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sites import Site, answering, ok, open_site
from vidgenie.errors import (
    AssetForbidden,
    AssetMissing,
    AssetTooLarge,
    AssetUnsupported,
    NotFound,
    StorageError,
)
from vidgenie.services import assets
from vidgenie.services.accounts import store as accounts
from vidgenie.services.assets.cache import FileCache
from vidgenie.services.assets.fetch import Fetcher
from vidgenie.services.assets.model import Asset, NewUpload, asset_view
from vidgenie.services.db.pool import Database
from vidgenie.services.net.client import FetchLimits, GuardedClient
from vidgenie.services.storage import Storage, open_storage
from vidgenie.services.storage.memory import MemoryStorage

PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 100
MP4 = b"\x00\x00\x00\x20ftypisom" + b"m" * 5_000


@dataclass
class World:
    """Two accounts, a storage, a worker's fetcher, and a web site to fetch from."""

    db: Database
    storage: Storage
    fetcher: Fetcher
    client: GuardedClient
    site: Site
    folder: Path
    ann: str
    bob: str

    async def upload(
        self, content: bytes, filename: str = "a.png", account: str | None = None
    ) -> Asset:
        path = self.folder / "upload"
        path.write_bytes(content)
        upload = NewUpload(account or self.ann, path, filename)
        received = await assets.receive(self.storage, upload)
        async with self.db.transaction() as tx:
            return await assets.record(tx, self.storage, received)

    def another_worker(self, name: str, limits: FetchLimits | None = None) -> Fetcher:
        return Fetcher(self.client, self.storage, self.folder / name, limits or FetchLimits())


async def an_account(db: Database, name: str) -> str:
    async with db.transaction() as tx:
        account = await accounts.insert(
            tx,
            username=name,
            email=f"{name}@mail.example",
            password_hash="-",
            callback_secret=b"-",
        )
    assert account is not None
    return account.id


@pytest.fixture(params=["folder", "memory"])
async def world(
    db: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[World]:
    is_folder = request.param == "folder"
    storage: Storage = open_storage(str(tmp_path / "store")) if is_folder else MemoryStorage()
    async with open_site() as site, GuardedClient(["127.0.0.0/8"]) as client:
        fetcher = Fetcher(client, storage, tmp_path / "cache", FetchLimits())
        ann, bob = await an_account(db, "ann"), await an_account(db, "bob")
        yield World(db, storage, fetcher, client, site, tmp_path, ann, bob)


async def test_an_upload_is_stored_under_its_hash(world: World) -> None:
    asset = await world.upload(MP4, "C:\\clips\\Meine Ferien\n.mp4")
    sha256 = hashlib.sha256(MP4).hexdigest()
    assert (asset.kind, asset.container, asset.content_type) == ("video", "mov", "video/mp4")
    assert (asset.sha256, asset.size, asset.filename) == (sha256, len(MP4), "Meine Ferien.mp4")
    assert asset.key == f"assets/{world.ann}/{sha256}"
    held = await world.storage.head(asset.key)
    assert held is not None
    assert held.size == len(MP4)
    view = asset_view(asset, str)
    assert view["src"] == f"asset://{asset.id}"
    assert view["created_at"].endswith("Z")


async def test_the_same_content_is_one_asset_within_an_account(world: World) -> None:
    first = await world.upload(PNG, "a.png")
    again = await world.upload(PNG, "b.png")
    others = await world.upload(PNG, "a.png", world.bob)
    assert again == first
    assert others.id != first.id
    async with world.db.transaction() as tx:
        assert await assets.page(tx, world.ann, limit=20, cursor=None) == ([first], None)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"#EXTM3U\nhttp://127.0.0.1/", "a playlist"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'", "a playlist"),
        (b"<html>login</html>", "a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\x7fELF" + b"\0" * 100, "not a known media file"),
    ],
)
async def test_files_that_are_no_media_are_refused(
    world: World, content: bytes, found: str
) -> None:
    with pytest.raises(AssetUnsupported, match=found) as caught:
        await world.upload(content, "movie.mp4")
    assert "matroska" in caught.value.message
    assert [held async for held in world.storage.list("assets")] == []


@pytest.mark.parametrize(
    ("head", "kind", "content_type"),
    [
        (b"\x00\x00\x00\x20ftypM4A ", "audio", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypqt  ", "video", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video", "video/webm"),
        (b"ID3\x04", "audio", "audio/mpeg"),
        (b"OTTO\x00", "font", "font/otf"),
    ],
)
async def test_kinds_come_from_the_content(
    world: World, head: bytes, kind: str, content_type: str
) -> None:
    asset = await world.upload(head + b"\0" * 200, "a.bin")
    assert (asset.kind, asset.content_type) == (kind, content_type)


async def test_pages_are_newest_first(world: World) -> None:
    made = [await world.upload(PNG + bytes([n])) for n in range(3)]
    async with world.db.transaction() as tx:
        first, cursor = await assets.page(tx, world.ann, limit=2, cursor=None)
        rest, end = await assets.page(tx, world.ann, limit=2, cursor=cursor)
    assert sorted(first + rest, key=lambda asset: asset.id) == sorted(made, key=lambda a: a.id)
    assert [asset.id for asset in first + rest] == sorted((a.id for a in made), reverse=True)
    assert end is None


async def test_other_accounts_see_and_delete_nothing(world: World) -> None:
    asset = await world.upload(PNG)
    async with world.db.transaction() as tx:
        with pytest.raises(NotFound, match=asset.id):
            await assets.get(tx, world.bob, asset.id)
    with pytest.raises(NotFound):
        async with world.db.transaction() as tx:
            await assets.delete(tx, world.storage, world.bob, asset.id)
    with pytest.raises(AssetMissing, match=asset.id):
        await world.fetcher.fetch(world.db, world.bob, f"asset://{asset.id}")
    assert await world.storage.head(asset.key)


async def test_a_deleted_asset_is_gone_with_its_file(world: World) -> None:
    asset = await world.upload(PNG)
    async with world.db.transaction() as tx:
        await assets.delete(tx, world.storage, world.ann, asset.id)
    assert await world.storage.head(asset.key) is None
    with pytest.raises(AssetMissing):
        await world.fetcher.fetch(world.db, world.ann, f"asset://{asset.id}")


async def test_an_upload_that_meets_a_deletion_keeps_its_file(world: World) -> None:
    asset = await world.upload(PNG)
    path = world.folder / "again"
    path.write_bytes(PNG)
    received = await assets.receive(world.storage, NewUpload(world.ann, path, "again.png"))

    async def record() -> Asset:
        async with world.db.transaction() as tx:
            return await assets.record(tx, world.storage, received)

    async with world.db.transaction() as tx:
        await assets.delete(tx, world.storage, world.ann, asset.id)
        recording = asyncio.create_task(record())
        done, _ = await asyncio.wait([recording], timeout=0.2)
        assert not done, "the row that is being deleted holds the other upload back"
    again = await asyncio.wait_for(recording, 10)
    assert again.id != asset.id
    assert await world.storage.head(again.key)


async def test_an_uploaded_asset_becomes_a_local_file(world: World) -> None:
    asset = await world.upload(MP4)
    local = await world.fetcher.fetch(world.db, world.ann, f"asset://{asset.id}")
    assert local.path.read_bytes() == MP4
    assert (local.sha256, local.size) == (asset.sha256, len(MP4))


async def test_using_a_file_does_not_change_the_stored_object(world: World) -> None:
    asset = await world.upload(MP4)
    before = await world.storage.head(asset.key)
    for _ in range(2):
        await world.fetcher.fetch(world.db, world.ann, f"asset://{asset.id}")
    assert await world.storage.head(asset.key) == before


async def test_a_url_is_asked_once_by_all_workers(world: World) -> None:
    world.site.answers["/a.mp4"] = ok(MP4, 'etag: "1"')
    url = world.site.url("/a.mp4")
    fetchers = [world.fetcher, world.fetcher, world.another_worker("other")]
    for fetcher in fetchers:
        local = await fetcher.fetch(world.db, world.ann, url)
        assert local.path.read_bytes() == MP4
        assert local.sha256 == hashlib.sha256(MP4).hexdigest()
    assert len(world.site.requests) == 1
    assert [held.size async for held in world.storage.list(f"sources/{world.ann}")] == [len(MP4)]


async def test_renders_that_want_a_url_at_once_share_the_download(world: World) -> None:
    world.site.answers["/a"] = ok(MP4)
    url = world.site.url("/a")
    found = await asyncio.gather(*(world.fetcher.fetch(world.db, world.ann, url) for _ in range(5)))
    assert len({local.path for local in found}) == 1
    assert len(world.site.requests) == 1


async def test_accounts_do_not_share_what_they_fetched(world: World) -> None:
    world.site.answers["/a"] = ok(MP4)
    for account in (world.ann, world.bob):
        await world.fetcher.fetch(world.db, account, world.site.url("/a"))
    assert len(world.site.requests) == 2


async def test_after_a_day_the_server_is_asked_whether_it_changed(world: World) -> None:
    url = world.site.url("/a")
    world.site.answers["/a"] = ok(MP4, 'etag: "1"')
    await world.fetcher.fetch(world.db, world.ann, url)
    world.site.answers["/a"] = answering(304)
    async with world.db.transaction() as tx:
        await tx.execute("UPDATE sources SET fetched_at = now() - interval '25 hours'")
    for _ in range(2):
        local = await world.fetcher.fetch(world.db, world.ann, url)
        assert local.path.read_bytes() == MP4
    assert len(world.site.requests) == 2
    assert 'if-none-match: "1"' in world.site.requests[1].lower()


async def test_without_reuse_a_changed_source_is_seen(world: World) -> None:
    url = world.site.url("/a")
    world.site.answers["/a"] = ok(MP4)
    await world.fetcher.fetch(world.db, world.ann, url)
    world.site.answers["/a"] = ok(PNG)
    assert (await world.fetcher.fetch(world.db, world.ann, url)).path.read_bytes() == MP4
    fresh = await world.fetcher.fetch(world.db, world.ann, url, reuse=False)
    assert fresh.path.read_bytes() == PNG


async def test_a_source_cleaned_out_of_the_storage_is_fetched_anew(world: World) -> None:
    world.site.answers["/a"] = ok(MP4, 'etag: "1"')
    url = world.site.url("/a")
    local = await world.fetcher.fetch(world.db, world.ann, url)
    await world.storage.delete(f"sources/{world.ann}/{local.sha256}")
    again = await world.another_worker("other").fetch(world.db, world.ann, url)
    assert again.path.read_bytes() == MP4
    assert "if-none-match" not in world.site.requests[1].lower()


@pytest.mark.parametrize(
    "src",
    ["/etc/passwd", "file:///etc/passwd", "ftp://media.example/a", "data:video/mp4;base64,AA",
     "a.mp4", "", "asset:/ast_1", "C:\\a.mp4"],
)  # fmt: skip
async def test_other_sources_are_forbidden(world: World, src: str) -> None:
    with pytest.raises(AssetForbidden, match="https://") as caught:
        await world.fetcher.fetch(world.db, world.ann, src)
    assert caught.value.src == src


async def test_a_failed_download_leaves_nothing(world: World) -> None:
    world.site.answers |= {"/large": ok(b"x" * 2000), "/none": answering(404)}
    strict = world.another_worker("strict", FetchLimits(size_max=1000))
    for path, kind in (("/large", AssetTooLarge), ("/none", AssetMissing)):
        with pytest.raises(kind):
            await strict.fetch(world.db, world.ann, world.site.url(path))
    assert os.listdir(world.folder / "strict") == []
    assert [held async for held in world.storage.list("sources")] == []
    async with world.db.transaction() as tx:
        row = await (await tx.execute("SELECT count(*) AS n FROM sources")).fetchone()
    assert row == {"n": 0}


async def test_the_cache_lets_go_of_what_was_not_used_for_long(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "cache", size_max=350, in_use_s=3600)
    kept = {}
    for age_s, name in ((9000, "a"), (8000, "b"), (10, "c")):
        part = cache.temporary()
        part.write_bytes(b"x" * 100)
        kept[name] = await cache.keep(part, name)
        used = kept[name].stat()
        os.utime(kept[name], (used.st_mtime - age_s, used.st_mtime))
    assert cache.find("a"), "used just now, so `b` has become the oldest"
    part = cache.temporary()
    part.write_bytes(b"x" * 100)
    await cache.keep(part, "d")
    assert [name for name in "abcd" if cache.find(name)] == ["a", "c", "d"]


async def test_an_object_that_is_lost_is_a_storage_error(world: World) -> None:
    asset = await world.upload(MP4)
    await world.storage.delete(asset.key)
    with pytest.raises(StorageError):
        await world.fetcher.fetch(world.db, world.ann, f"asset://{asset.id}")
