"""A small bucket on the loopback for tests: it checks signatures as S3 does, and fails when told.

Written from AWS's description of Signature Version 4 (Authorization header), without the code under
test: the request's own bytes are what is signed.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

ACCESS_KEY, SECRET_KEY, REGION, BUCKET = (
    "AKIDEXAMPLE0001",
    "wJalr/secret+key",
    "eu-central-1",
    "b-1",
)
DENIED = "<Error><Code>SignatureDoesNotMatch</Code><Message>Not the same.</Message></Error>"


@dataclass
class Bucket:
    """What was put, by path; `faults` are taken one by one before anything is kept."""

    port: int = 0
    objects: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    faults: list[int | str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    is_signed: bool = True

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            text = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *rest = text.strip().split("\r\n")
            method, target, _ = line.split()
            head = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
            self.heads.append(head)
            self.targets.append(target)
            status, body = await self._take(method, target, head, reader)
            writer.write(
                f"HTTP/1.1 {status} Said\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
                f"\r\n{body}".encode()
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _take(
        self, method: str, target: str, head: dict[str, str], reader: asyncio.StreamReader
    ) -> tuple[int, str]:
        fault = self.faults.pop(0) if self.faults else None
        if fault == "break":
            await reader.readexactly(10)
            raise ConnectionError
        if fault == "silence":
            await asyncio.sleep(30)
        content = await reader.readexactly(int(head["content-length"]))
        if isinstance(fault, int):
            return fault, f"<Error><Code>Fault{fault}</Code><Message>As told.</Message></Error>"
        if self.is_signed and not is_signed(method, target, head, content):
            return 403, DENIED
        path = unquote(target.partition("?")[0])
        self.objects[path] = content
        self.types[path] = head["content-type"]
        return 200, ""


def is_signed(method: str, target: str, head: dict[str, str], content: bytes) -> bool:
    """Judge a signed request."""
    path, _, query = target.partition("?")
    kind, _, text = head["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in text.split(","))
    key, day, region, service, end = given["Credential"].split("/")
    asked = datetime.strptime(head["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    names = given["SignedHeaders"].split(";")
    lines = "".join(f"{name}:{head[name].strip()}\n" for name in names)
    told = head["x-amz-content-sha256"]
    request = "\n".join([method, path, query, lines, ";".join(names), told])
    scope = f"{day}/{region}/{service}/{end}"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    digest = f"AWS4{SECRET_KEY}".encode()
    to_sign = f"AWS4-HMAC-SHA256\n{head['x-amz-date']}\n{scope}\n{hashed}"
    for part in (day, REGION, "s3", "aws4_request", to_sign):
        digest = hmac.digest(digest, part.encode(), hashlib.sha256)
    is_ours = (kind, key, region, service) == ("AWS4-HMAC-SHA256", ACCESS_KEY, REGION, "s3")
    is_content = told in ("UNSIGNED-PAYLOAD", hashlib.sha256(content).hexdigest())
    is_fresh = abs(datetime.now(UTC) - asked) < timedelta(minutes=15)
    # The host and every x-amz header must be among the signed ones.
    is_covered = {"host", *(name for name in head if name.startswith("x-amz-"))} <= set(names)
    is_right = hmac.compare_digest(digest.hex(), given["Signature"])
    return is_ours and is_content and is_fresh and is_covered and is_right


@asynccontextmanager
async def open_bucket() -> AsyncIterator[Bucket]:
    """Serve a bucket until the block ends."""
    made = Bucket()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
