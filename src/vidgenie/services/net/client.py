"""The guarded client: download a source, post a webhook. The only way out to other servers."""

import asyncio
import errno
import hashlib
import time
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpcore
import httpx

from vidgenie import __version__
from vidgenie.errors import (
    AssetError,
    AssetForbidden,
    AssetMissing,
    AssetTooLarge,
    AssetUnreachable,
    OutOfSpace,
)
from vidgenie.services.net.guard import AddressGuard, Network
from vidgenie.services.net.transport import GuardedBackend, GuardedTransport, Resolver, resolve

USER_AGENT = f"VidGenie-API/{__version__}"
ANSWER_HEAD_SIZE = 4096
"""Bytes of a webhook receiver's answer that are kept: enough to see what it complained about."""

BLOCK_SIZE = 1 << 20
"""Bytes hashed and written at a time, off the event loop."""

UPLOAD_IDLE_S = 60.0
"""A store that has got a large file takes its time to answer."""

STATUSES_LATER = frozenset((408, 425, 429))
"""Refusals that pass by themselves; every other 4xx will say the same the next time."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much and how long one download may take."""

    size_max: int = 2 << 30  # ten minutes of 4K at 25 Mb/s
    total_s: float = 300.0  # the above at 7 MB/s
    idle_s: float = 20.0  # a server that is silent for longer is not coming back
    connect_s: float = 10.0
    redirects_max: int = 5


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What a download brought: `size` and `sha256` are of the file as written."""

    size: int
    sha256: str
    content_type: str | None
    final_url: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said to a post: its status, the first bytes of its body, the time it took."""

    status: int
    head: bytes
    ms: int


class GuardedClient:
    """Asks other servers, within an `AddressGuard` and limits; one per process."""

    def __init__(
        self, allow_networks: Sequence[str | Network] = (), *, resolver: Resolver = resolve
    ) -> None:
        self.guard = AddressGuard(allow_networks)
        self._transport = GuardedTransport(GuardedBackend(self.guard, resolver))

    async def __aenter__(self) -> "GuardedClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def download(
        self, url: str, target: Path, limits: FetchLimits, *, etag: str | None = None
    ) -> Downloaded | None:
        """Write what the URL holds to `target`; None when it still has the entity tag `etag`.

        Raises: AssetForbidden, AssetMissing, AssetUnreachable, AssetTooLarge, OutOfSpace; the file
        is not there then.
        """
        headers = {"if-none-match": etag} if etag else {}
        try:
            with _translated(url, limits):
                async with asyncio.timeout(limits.total_s), self._get(url, headers, limits) as got:
                    if got.status_code == 304 and etag:
                        return None
                    _check_head(got, limits)
                    return await _save(got, target, limits)
        except BaseException:
            target.unlink(missing_ok=True)  # noqa: ASYNC240  # as short as a call gets
            raise

    @asynccontextmanager
    async def _get(
        self, url: str, headers: Mapping[str, str], limits: FetchLimits
    ) -> AsyncIterator[httpx.Response]:
        """Follow redirects by hand: each new address is judged as the first one was."""
        timeout = httpx.Timeout(limits.idle_s, connect=limits.connect_s)
        target = self.guard.check_url(url)
        for _ in range(limits.redirects_max + 1):
            request = httpx.Request(
                "GET",
                target,
                # Compressed media gains nothing, and what is not inflated cannot be a bomb.
                headers={"user-agent": USER_AGENT, "accept-encoding": "identity", **headers},
                extensions={"timeout": timeout.as_dict()},
            )
            response = await self._transport.handle_async_request(request)
            response.request = request
            try:
                location = response.headers.get("location")
                if response.status_code not in (301, 302, 303, 307, 308) or not location:
                    yield response
                    return
                target = self.guard.check_url(str(target.join(location)))
            finally:
                await response.aclose()
        raise AssetUnreachable(
            f"The source redirects more than {limits.redirects_max} times.", src=url
        )

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float
    ) -> Answer:
        """Post a body and read the first bytes of the answer; a redirect is an answer like any.

        Raises: AssetForbidden, AssetUnreachable.
        """
        limits = FetchLimits(total_s=timeout_s, idle_s=timeout_s, connect_s=timeout_s)
        return await self._send("POST", url, body, headers, limits=limits)

    async def put(
        self,
        url: str,
        blocks: AsyncIterator[bytes],
        *,
        headers: Mapping[str, str],
        size: int,
        timeout_s: float,
    ) -> Answer:
        """Send `size` bytes as they come, and read the first bytes of the answer.

        A redirect is an answer like any. What `blocks` raises is raised here.
        Raises: AssetForbidden, AssetUnreachable.
        """
        limits = FetchLimits(total_s=timeout_s, idle_s=UPLOAD_IDLE_S)
        headers = {**headers, "content-length": str(size)}
        return await self._send("PUT", url, blocks, headers, limits=limits)

    async def _send(
        self,
        method: str,
        url: str,
        body: bytes | AsyncIterator[bytes],
        headers: Mapping[str, str],
        *,
        limits: FetchLimits,
    ) -> Answer:
        began = time.monotonic()
        timeout = httpx.Timeout(limits.idle_s, connect=limits.connect_s)
        with _translated(url, limits):
            request = httpx.Request(
                method,
                self.guard.check_url(url),
                content=body,
                headers={"user-agent": USER_AGENT, "accept-encoding": "identity", **headers},
                extensions={"timeout": timeout.as_dict()},
            )
            async with asyncio.timeout(limits.total_s):
                response = await self._transport.handle_async_request(request)
                try:
                    head = await _head(response)
                finally:
                    await response.aclose()
        return Answer(response.status_code, head, round((time.monotonic() - began) * 1000))


async def _head(response: httpx.Response) -> bytes:
    head = b""
    async for block in response.aiter_raw():
        head += block
        if len(head) >= ANSWER_HEAD_SIZE:
            break
    return head[:ANSWER_HEAD_SIZE]


def _check_head(response: httpx.Response, limits: FetchLimits) -> None:
    """Refuse by status and announced length, before a byte of the body is read."""
    status = response.status_code
    if status != 200:
        phrase = f"The source's server answered {status} {response.reason_phrase}".rstrip()
        if 400 <= status < 500 and status not in STATUSES_LATER:
            raise AssetMissing(f"{phrase}; check the address and that it is readable for all.")
        raise AssetUnreachable(f"{phrase} instead of the file.")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limits.size_max:
        raise _too_large(limits, f"it has {int(length):,} bytes")


def _too_large(limits: FetchLimits, found: str) -> AssetTooLarge:
    return AssetTooLarge(
        f"The source is too large: {found}, the limit is {limits.size_max:,} bytes."
    )


async def _save(response: httpx.Response, target: Path, limits: FetchLimits) -> Downloaded:
    """Write the body block by block, counting what is written, not what was announced."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:

        def keep(block: bytes) -> None:
            digest.update(block)
            file.write(block)

        async for block in _blocks(_decoded(response)):
            size += len(block)
            if size > limits.size_max:
                raise _too_large(limits, "it goes on after that")
            await asyncio.to_thread(keep, block)
    return Downloaded(
        size,
        digest.hexdigest(),
        response.headers.get("content-type"),
        str(response.url),
        response.headers.get("etag"),
    )


async def _blocks(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Join network reads into blocks worth a hop to another thread."""
    buffer = bytearray()
    async for piece in pieces:
        buffer += piece
        if len(buffer) >= BLOCK_SIZE:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)


async def _decoded(response: httpx.Response) -> AsyncIterator[bytes]:
    """Undo gzip or deflate of servers that compress although asked not to, a little at a time.

    One network read can inflate a thousandfold, so each step's yield is bounded.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        async for block in response.aiter_raw():
            yield block
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise AssetUnreachable(
            f"The source's server sent the encoding {encoding!r} although `identity` was asked for."
        )
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: tell gzip from zlib by the header
    async for block in response.aiter_raw():
        rest = block
        while rest:
            yield inflate.decompress(rest, BLOCK_SIZE)
            rest = inflate.unconsumed_tail
    if not inflate.eof:
        raise AssetUnreachable("The source's compressed body ends too early.")


@contextmanager
def _translated(url: str, limits: FetchLimits) -> Iterator[None]:
    """Turn httpcore's, httpx's and the system's errors into ours; name the source in each."""
    try:
        yield
    except AssetError as error:
        error.src = error.src or url
        raise
    except TimeoutError as error:
        raise AssetUnreachable(
            f"The server did not finish within {limits.total_s:g} s.", src=url
        ) from error
    except (httpcore.ConnectTimeout, httpcore.ConnectError, httpcore.PoolTimeout) as error:
        raise AssetUnreachable(f"No connection to the server: {error}.", src=url) from error
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        raise AssetUnreachable(
            f"The server was silent for more than {limits.idle_s:g} s.", src=url
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, zlib.error) as error:
        reason = str(error) or type(error).__name__
        raise AssetUnreachable(f"The connection broke: {reason}.", src=url) from error
    except (httpcore.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise AssetForbidden(f"The address cannot be asked: {error}.", src=url) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace("There is no room left on this worker's disk for a source.") from error
        raise
