"""Calls at a steady rate, on connections that stay open; latency counts from the planned moment.

A client that waits for an answer before it sends the next request hides the queue it would have
stood in (coordinated omission). Here request n is due at n/rate seconds, whatever became of the
others, and its latency is what somebody who came at that moment would have seen.

Run as a process of its own, so that its work is not the server's:
`python caller.py HOST:PORT PATH RATE SECONDS CONNECTIONS < headers and body as JSON`.
Rate 0: as fast as the connections can.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Run:
    """What came of it; latencies in milliseconds."""

    latencies_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    late_ms: float = 0.0
    """How late the caller itself was, at worst: a machine that is full measures itself."""


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12])


async def _serve_turns(
    address: tuple[str, int], request: bytes, turns: "asyncio.Queue[float | None]", run: Run
) -> None:
    reader, writer = await asyncio.open_connection(*address)
    while (due := await turns.get()) is not None:
        writer.write(request)
        run.statuses[await _answer(reader)] += 1
        run.latencies_ms.append((time.perf_counter() - due) * 1000)
    writer.close()


async def call_steadily(
    address: tuple[str, int], request: bytes, *, rate: float, seconds: float, connections: int
) -> Run:
    """Send the request so many times a second."""
    run, turns = Run(), asyncio.Queue[float | None]()
    workers = [
        asyncio.create_task(_serve_turns(address, request, turns, run)) for _ in range(connections)
    ]
    began = time.perf_counter() + 0.2
    for number in range(round(rate * seconds)):
        due = began + number / rate
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        run.late_ms = max(run.late_ms, (time.perf_counter() - due) * 1000)
        turns.put_nowait(due)
    for _ in workers:
        turns.put_nowait(None)
    await asyncio.gather(*workers)
    run.seconds = time.perf_counter() - began
    return run


async def call_fast(
    address: tuple[str, int], request: bytes, *, seconds: float, connections: int
) -> Run:
    """Send the request on every connection as soon as the last answer is there."""
    run, began = Run(), time.perf_counter()

    async def one() -> None:
        reader, writer = await asyncio.open_connection(*address)
        while (sent := time.perf_counter()) < began + seconds:
            writer.write(request)
            run.statuses[await _answer(reader)] += 1
            run.latencies_ms.append((time.perf_counter() - sent) * 1000)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    run.seconds = time.perf_counter() - began
    return run


def main() -> None:
    """Call, and print what came of it as JSON."""
    host, _, port = sys.argv[1].partition(":")
    path, rate, seconds, connections = sys.argv[2:6]
    given = json.load(sys.stdin)
    body = given["body"].encode()
    lines = [f"POST {path} HTTP/1.1", f"host: {host}", "content-type: application/json"]
    lines += [f"{name}: {value}" for name, value in given["headers"].items()]
    lines += [f"content-length: {len(body)}", "", ""]
    request = "\r\n".join(lines).encode() + body
    address = (host, int(port))
    if float(rate):
        calling = call_steadily(
            address, request, rate=float(rate), seconds=float(seconds), connections=int(connections)
        )
    else:
        calling = call_fast(address, request, seconds=float(seconds), connections=int(connections))
    run = asyncio.run(calling)
    json.dump({**vars(run), "statuses": dict(run.statuses)}, sys.stdout)


if __name__ == "__main__":
    main()
