"""The guard at the socket: every connection goes to an address that was judged, and to no other.

Resolving once and connecting to the answer leaves no moment between check and use (DNS rebinding).
TLS still asks for the name in the URL: httpcore takes it from there, not from this backend.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

import httpcore
import httpx

from vidgenie.services.net.guard import AddressGuard

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""From host and port to textual addresses; raises OSError when there is none."""

ADDRESSES_TRIED_MAX = 4
"""Of a name with many addresses, so many are tried before giving up."""

CONNECTIONS_MAX = 32
KEEPALIVE_S = 20.0


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver, in the system's order."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves once, judges every answer, connects to a judged one."""

    def __init__(self, guard: AddressGuard, resolver: Resolver = resolve) -> None:
        self._guard = guard
        self._resolver = resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a host by name or address. Raises: AssetForbidden, httpcore's errors."""
        self._guard.check_port(port)
        deadline = None if timeout is None else time.monotonic() + timeout
        answers = await self._resolve(host, port, timeout)
        addresses = self._guard.check_addresses(host, answers)
        failure: Exception = httpcore.ConnectError(f"the name {host!r} has no address")
        for address in addresses[:ADDRESSES_TRIED_MAX]:
            left = None if deadline is None else max(0.001, deadline - time.monotonic())
            try:
                return await self._inner.connect_tcp(
                    str(address), port, left, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _resolve(self, host: str, port: int, limit_s: float | None) -> Sequence[str]:
        try:
            async with asyncio.timeout(limit_s):
                return await self._resolver(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"the name {host!r} could not be resolved") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host!r} could not be resolved") from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no URL may name a socket of this machine."""
        raise httpcore.UnsupportedProtocol("unix sockets are not asked")

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's own retries (there are none: `retries` is 0)."""
        await self._inner.sleep(seconds)


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport over a pool whose only way out is the guarded backend.

    Used without an `httpx.AsyncClient`: that would carry cookies from one account's source to
    another's, and read proxies and credentials from the environment.
    """

    def __init__(self, backend: GuardedBackend, ssl_context: ssl.SSLContext | None = None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(trust_env=False),
            max_connections=CONNECTIONS_MAX,
            keepalive_expiry=KEEPALIVE_S,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the answer is still to be read."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for block in self._response.aiter_stream():
            yield block

    async def aclose(self) -> None:
        await self._response.aclose()
