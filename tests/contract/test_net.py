"""The guarded client against real sockets: what it brings, and what it refuses to do."""

import asyncio
import gzip
import hashlib
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from sites import Site, answering, ok, open_site, redirect
from vidgenie.errors import (
    AssetError,
    AssetForbidden,
    AssetMissing,
    AssetTooLarge,
    AssetUnreachable,
    OutOfSpace,
)
from vidgenie.services.net.client import FetchLimits, GuardedClient

LIMITS = FetchLimits(size_max=1_000_000, total_s=10, idle_s=5, connect_s=5)
LOOPBACK = ["127.0.0.0/8"]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as made:
        yield made


@pytest.fixture
async def client() -> AsyncIterator[GuardedClient]:
    async with GuardedClient(LOOPBACK) as made:
        yield made


async def failure(
    client: GuardedClient, url: str, target: Path, limits: FetchLimits = LIMITS
) -> AssetError:
    with pytest.raises(AssetError) as caught:
        await client.download(url, target, limits)
    assert not target.exists()  # noqa: ASYNC240  # a test may wait for its disk
    assert caught.value.src == url
    return caught.value


async def test_a_download_is_written_hashed_and_described(
    site: Site, client: GuardedClient, tmp_path: Path
) -> None:
    body = bytes(range(256)) * 3000
    site.answers["/a.mp4"] = ok(body, "content-type: video/mp4", 'etag: "e1"')
    got = await client.download(site.url("/a.mp4"), tmp_path / "a", LIMITS)
    assert got is not None
    assert (tmp_path / "a").read_bytes() == body
    assert (got.size, got.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert (got.content_type, got.etag) == ("video/mp4", '"e1"')
    assert got.final_url == site.url("/a.mp4")
    assert "accept-encoding: identity" in site.requests[0].lower()
    assert "cookie" not in site.requests[0].lower()


async def test_an_unchanged_source_is_not_sent_again(
    site: Site, client: GuardedClient, tmp_path: Path
) -> None:
    site.answers["/a"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert await client.download(site.url("/a"), tmp_path / "a", LIMITS, etag='"e1"') is None
    assert 'if-none-match: "e1"' in site.requests[0].lower()


async def test_cookies_of_one_source_do_not_reach_the_next(
    site: Site, client: GuardedClient, tmp_path: Path
) -> None:
    site.answers["/a"] = ok(b"x", "set-cookie: who=me; path=/")
    for name in ("1", "2"):
        await client.download(site.url("/a"), tmp_path / name, LIMITS)
    assert "who=me" not in site.requests[1]


async def test_redirects_are_followed_to_the_end(
    site: Site, client: GuardedClient, tmp_path: Path
) -> None:
    site.answers |= {"/a": redirect("b?x=1"), "/b?x=1": redirect("/c", 307), "/c": ok(b"here")}
    got = await client.download(site.url("/a"), tmp_path / "a", LIMITS)
    assert got is not None
    assert got.final_url == site.url("/c")


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest/", "http://10.0.0.1/", "file:///etc/passwd", "http://[::1]/",
     "http://127.0.0.1:22/", "http://me@127.0.0.1/", "gopher://127.0.0.1/"],
)  # fmt: skip
async def test_redirects_to_closed_places_are_refused(
    site: Site, client: GuardedClient, tmp_path: Path, location: str
) -> None:
    site.answers["/a"] = redirect(location)
    assert isinstance(await failure(client, site.url("/a"), tmp_path / "a"), AssetForbidden)


async def test_endless_redirects_end(site: Site, client: GuardedClient, tmp_path: Path) -> None:
    site.answers["/a"] = redirect("/a")
    error = await failure(client, site.url("/a"), tmp_path / "a")
    assert "more than 5" in error.message
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, AssetMissing), (403, AssetMissing), (429, AssetUnreachable), (500, AssetUnreachable),
     (206, AssetUnreachable), (304, AssetUnreachable)],
)  # fmt: skip
async def test_other_statuses_are_named(
    site: Site, client: GuardedClient, tmp_path: Path, status: int, kind: type[AssetError]
) -> None:
    site.answers["/a"] = answering(status)
    error = await failure(client, site.url("/a"), tmp_path / "a")
    assert type(error) is kind
    assert str(status) in error.message


async def test_announced_size_is_refused_before_the_body(
    site: Site, client: GuardedClient, tmp_path: Path
) -> None:
    site.answers["/a"] = ok(b"", length=1_000_001)
    error = await failure(client, site.url("/a"), tmp_path / "a")
    assert isinstance(error, AssetTooLarge)
    assert "1,000,001" in error.message
    assert "1,000,000" in error.message


async def test_a_body_without_length_is_counted(
    site: Site, client: GuardedClient, tmp_path: Path
) -> None:
    site.answers["/a"] = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + b"x" * 1_000_001
    assert isinstance(await failure(client, site.url("/a"), tmp_path / "a"), AssetTooLarge)
    site.answers["/b"] = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + b"x" * 1_000_000
    assert await client.download(site.url("/b"), tmp_path / "b", LIMITS)


async def test_a_body_cut_short_is_no_download(
    site: Site, client: GuardedClient, tmp_path: Path
) -> None:
    site.answers["/a"] = ok(b"half", length=8)
    assert isinstance(await failure(client, site.url("/a"), tmp_path / "a"), AssetUnreachable)


async def test_compressed_bodies_are_undone_within_the_limit(
    site: Site, client: GuardedClient, tmp_path: Path
) -> None:
    body = b"media " * 10_000
    site.answers["/gzip"] = ok(gzip.compress(body), "content-encoding: gzip")
    site.answers["/deflate"] = ok(zlib.compress(body), "content-encoding: deflate")
    for name in ("gzip", "deflate"):
        await client.download(site.url(f"/{name}"), tmp_path / name, LIMITS)
        assert (tmp_path / name).read_bytes() == body
    site.answers["/bomb"] = ok(gzip.compress(bytes(50_000_000)), "content-encoding: gzip")
    tracemalloc.start()
    assert isinstance(await failure(client, site.url("/bomb"), tmp_path / "x"), AssetTooLarge)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16_000_000, "a bomb is not inflated beyond the limit to find that it is one"
    site.answers["/cut"] = ok(gzip.compress(body)[:-9], "content-encoding: gzip")
    assert isinstance(await failure(client, site.url("/cut"), tmp_path / "x"), AssetUnreachable)
    site.answers["/odd"] = ok(body, "content-encoding: br")
    assert "'br'" in (await failure(client, site.url("/odd"), tmp_path / "x")).message


async def test_silence_and_slowness_end(site: Site, client: GuardedClient, tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the client has enough of it

    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while not reader.at_eof():
            writer.write(b"x")
            await writer.drain()
            await asyncio.wait([asyncio.ensure_future(reader.read(1))], timeout=0.05)

    site.answers |= {"/silent": silent, "/drip": dripping}
    quick = FetchLimits(total_s=10, idle_s=0.2)
    error = await failure(client, site.url("/silent"), tmp_path / "a", quick)
    assert "silent for more than 0.2 s" in error.message
    slow = FetchLimits(total_s=0.4, idle_s=5)
    error = await failure(client, site.url("/drip"), tmp_path / "a", slow)
    assert "within 0.4 s" in error.message


async def test_nobody_there(client: GuardedClient, tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    error = await failure(client, f"http://127.0.0.1:{port}/a", tmp_path / "a")
    assert isinstance(error, AssetUnreachable)
    assert "No connection" in error.message


async def test_a_full_disk_is_said(site: Site, client: GuardedClient, tmp_path: Path) -> None:
    site.answers["/a"] = ok(b"x" * 900_000)
    (tmp_path / "a").symlink_to("/dev/full")
    with pytest.raises(OutOfSpace):
        await client.download(site.url("/a"), tmp_path / "a", LIMITS)


async def test_without_leave_the_loopback_is_closed(site: Site, tmp_path: Path) -> None:
    site.answers["/a"] = ok(b"secret")
    async with GuardedClient() as guarded:
        for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0", "[::1]"):
            error = await failure(guarded, site.url("/a", host), tmp_path / "a")
            assert isinstance(error, AssetForbidden), host
    assert site.requests == []


async def test_a_name_is_resolved_once_and_the_judged_answer_is_used(
    site: Site, tmp_path: Path
) -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    site.answers["/a"] = ok(b"fine")
    async with GuardedClient(LOOPBACK, resolver=rebinding) as guarded:
        await guarded.download(site.url("/a", "media.example"), tmp_path / "a", LIMITS)
        assert asked == ["media.example"]
        assert f"host: media.example:{site.port}" in site.requests[0].lower()
        error = await failure(guarded, site.url("/a", "media.example"), tmp_path / "b")
        assert isinstance(error, AssetForbidden)
    assert len(site.requests) == 1


async def test_one_closed_answer_among_open_ones_refuses_the_name(tmp_path: Path) -> None:
    async def mixed(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1", "10.0.0.1"]

    async with GuardedClient(LOOPBACK, resolver=mixed) as guarded:
        error = await failure(guarded, "http://media.example/a", tmp_path / "a")
    assert isinstance(error, AssetForbidden)
    assert "10.0.0.1" not in error.message


async def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    async with GuardedClient(resolver=unknown) as guarded:
        error = await failure(guarded, "https://media.example/a", tmp_path / "a")
    assert isinstance(error, AssetUnreachable)
    assert "could not be resolved" in error.message


async def test_a_post_returns_status_and_the_head_of_the_answer(
    site: Site, client: GuardedClient
) -> None:
    site.answers["/hook"] = answering(201, b"y" * 100_000)
    answer = await client.post(site.url("/hook"), b'{"a":1}', {"webhook-id": "evt_1"}, 5)
    assert (answer.status, answer.head) == (201, b"y" * 4096)
    assert answer.ms >= 0
    assert site.bodies == [b'{"a":1}']
    assert "webhook-id: evt_1" in site.requests[0].lower()


async def test_a_post_follows_no_redirect(site: Site, client: GuardedClient) -> None:
    site.answers |= {"/hook": redirect("/other"), "/other": ok(b"")}
    answer = await client.post(site.url("/hook"), b"", {}, 5)
    assert answer.status == 302
    assert len(site.requests) == 1


async def test_a_post_to_a_closed_address_is_refused(site: Site) -> None:
    async with GuardedClient() as guarded:
        with pytest.raises(AssetForbidden):
            await guarded.post(site.url("/hook"), b"", {}, 5)
    assert site.requests == []


async def test_a_silent_receiver_is_left(site: Site, client: GuardedClient) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    site.answers["/hook"] = silent
    with pytest.raises(AssetUnreachable, match=r"0\.2 s"):
        await client.post(site.url("/hook"), b"", {}, 0.2)
