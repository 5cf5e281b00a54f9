"""`/files`: signed links, ranges, conditions, and nothing that runs in a browser."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from vidgenie.edges.web.files import ByteRange, byte_range, files_router
from vidgenie.errors import StorageError
from vidgenie.services.storage import StoredObject
from vidgenie.services.storage.memory import MemoryStorage
from vidgenie.services.storage.signing import sign

SECRET = b"k" * 32
CONTENT = bytes(range(256)) * 4
KEY = "renders/rnd_1/video.mp4"


@pytest.fixture
async def storage(tmp_path: Path) -> MemoryStorage:
    made = MemoryStorage()
    (tmp_path / "in").write_bytes(CONTENT)
    await made.put_file(KEY, tmp_path / "in")
    return made


@pytest.fixture
async def web(storage: MemoryStorage) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(files_router(storage, SECRET))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://vidgenie"
    ) as made:
        yield made


def link(key: str = KEY, ttl_s: float = 60, filename: str | None = None) -> str:
    return sign(SECRET, "http://vidgenie", key, ttl_s, filename=filename)


async def test_the_whole_file(web: httpx.AsyncClient) -> None:
    answer = await web.get(link())
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_range(web: httpx.AsyncClient) -> None:
    answer = await web.get(link(), headers={"range": "bytes=10-19"})
    assert (answer.status_code, answer.content) == (206, CONTENT[10:20])
    assert answer.headers["content-range"] == "bytes 10-19/1024"
    assert answer.headers["content-length"] == "10"


async def test_a_range_beyond_the_end(web: httpx.AsyncClient) -> None:
    answer = await web.get(link(), headers={"range": "bytes=1024-"})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == "bytes */1024"


async def test_head_says_the_same_without_the_body(web: httpx.AsyncClient) -> None:
    whole, head = await web.get(link()), await web.head(link())
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == whole.headers
    part = await web.head(link(), headers={"range": "bytes=-4"})
    assert (part.status_code, part.headers["content-length"]) == (206, "4")


async def test_conditions(web: httpx.AsyncClient) -> None:
    etag = (await web.head(link())).headers["etag"]
    same = await web.get(link(), headers={"if-none-match": etag})
    assert (same.status_code, same.content) == (304, b"")
    headers = {"range": "bytes=0-0", "if-range": etag}
    assert (await web.get(link(), headers=headers)).status_code == 206
    headers = {"range": "bytes=0-0", "if-range": '"old"'}
    assert (await web.get(link(), headers=headers)).content == CONTENT


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ByteRange(0, 100)),
        ("bytes=0-", ByteRange(0, 100)),
        ("bytes=0-0", ByteRange(0, 1)),
        ("bytes=90-500", ByteRange(90, 100)),
        ("bytes=-10", ByteRange(90, 100)),
        ("bytes=-500", ByteRange(0, 100)),
        ("bytes=-0", None),
        ("bytes=100-", None),
        ("bytes=9-5", ByteRange(0, 100)),
        ("bytes=" + "9" * 5000 + "-", ByteRange(0, 100)),  # int() refuses so many digits
        ("bytes=\u0663-", ByteRange(0, 100)),
        ("bytes=-", ByteRange(0, 100)),
        ("bytes=0-1,5-6", ByteRange(0, 100)),
        ("lines=1-2", ByteRange(0, 100)),
        ("bytes=a-b", ByteRange(0, 100)),
    ],
)
def test_ranges_are_read_as_the_rfc_says(header: str | None, expected: ByteRange | None) -> None:
    assert byte_range(header, 100) == expected


def test_an_empty_object_has_no_range() -> None:
    assert byte_range(None, 0) == ByteRange(0, 0)
    assert byte_range("bytes=0-", 0) is None
    assert byte_range("bytes=-1", 0) is None


@pytest.mark.parametrize("name", ["evil.html", "evil.svg", "notes", "a.js"])
async def test_what_could_run_is_only_saved(web: httpx.AsyncClient, name: str) -> None:
    answer = await web.get(link(filename=name))
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_names_survive(web: httpx.AsyncClient) -> None:
    answer = await web.get(link(filename='Über "uns"\r\nx: y.mp4'))
    assert answer.status_code == 200
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('inline; filename="_ber _uns___x_ y.mp4"')
    assert "filename*=UTF-8''%C3%9Cber%20%22uns%22%0D%0A" in disposition


async def test_links_that_do_not_hold(web: httpx.AsyncClient) -> None:
    for bad in (
        link().replace("sig=", "sig=x"),
        link().replace(KEY, "renders/rnd_2/video.mp4"),
        link().partition("?")[0],
        link() + "&name=b.html",
    ):
        answer = await web.get(bad)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "link_invalid")
    late = sign(SECRET, "http://vidgenie", KEY, 60, now=time.time() - 61)
    answer = await web.get(late)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "link_expired")


async def test_an_object_that_is_gone(web: httpx.AsyncClient, storage: MemoryStorage) -> None:
    await storage.delete(KEY)
    answer = await web.get(link())
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_a_storage_that_is_down(
    web: httpx.AsyncClient, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(_: str) -> StoredObject | None:
        raise StorageError

    monkeypatch.setattr(storage, "head", down)
    answer = await web.get(link())
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
