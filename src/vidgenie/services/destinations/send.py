"""Sending one file to one destination, once, streamed: it is never whole in memory."""

import hashlib
import json
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from vidgenie.errors import AssetError, AssetForbidden
from vidgenie.services.accounts.secrets import decrypt
from vidgenie.services.destinations.model import Destination, Parcel, Receipt
from vidgenie.services.destinations.sign import (
    UNSIGNED,
    S3Keys,
    http_headers,
    http_url,
    s3_headers,
    s3_url,
)
from vidgenie.services.net.client import STATUSES_LATER, Answer, GuardedClient

S3_SIZE_MAX = 5 << 30
"""What S3 takes in one PUT."""

BYTES_PER_S_MIN = 128 << 10
"""A receiver slower than this is given up: it would hold a slot for days."""

TIME_MIN_S = 60.0

TEST_TEXT = b"VidGenie can write here.\n"
TEST_NAME = "vidgenie-test.txt"

SAID_MAX = 200
_CODE = re.compile(r"<Code>([A-Za-z0-9.]{1,80})</Code>")
_MESSAGE = re.compile(r"<Message>([^<]{1,300})</Message>")


async def send(
    client: GuardedClient, secret_key: bytes, destination: Destination, parcel: Parcel
) -> Receipt:
    """Try once to bring a file to a destination. Raises: StorageError where it cannot be read."""
    secrets = json.loads(decrypt(secret_key, destination.secrets))
    began = time.monotonic()
    is_s3 = destination.provider == "s3"
    if is_s3:
        url, headers = _to_bucket(destination, secrets, parcel)
    else:
        url, headers = await _to_address(destination, secrets, parcel)
    shown = urlsplit(url)._replace(query="", fragment="").geturl()
    if is_s3 and parcel.size > S3_SIZE_MAX:
        words = (
            f"The file has {parcel.size:,} bytes; a bucket takes {S3_SIZE_MAX:,} in one request."
        )
        return Receipt(shown, None, 0, words, True)
    headers = {"content-type": parcel.content_type, **headers}
    limit_s = max(TIME_MIN_S, parcel.size / BYTES_PER_S_MIN)
    try:
        answer = await client.put(
            url, parcel.blocks(), headers=headers, size=parcel.size, timeout_s=limit_s
        )
    except AssetError as error:
        ms = round((time.monotonic() - began) * 1000)
        return Receipt(shown, None, ms, error.message, isinstance(error, AssetForbidden))
    if 200 <= answer.status < 300:
        return Receipt(shown, answer.status, answer.ms)
    is_final = 300 <= answer.status < 500 and answer.status not in (307, *STATUSES_LATER)
    return Receipt(shown, answer.status, answer.ms, _said(answer), is_final)


async def try_out(client: GuardedClient, secret_key: bytes, destination: Destination) -> Receipt:
    """Write a file of one line to a destination."""

    async def blocks() -> AsyncIterator[bytes]:
        yield TEST_TEXT

    parcel = Parcel(TEST_NAME, len(TEST_TEXT), "text/plain", blocks)
    return await send(client, secret_key, destination, parcel)


def _to_bucket(
    destination: Destination, secrets: dict[str, Any], parcel: Parcel
) -> tuple[str, dict[str, str]]:
    prefix = destination.place["prefix"]
    url = s3_url(destination.place, f"{prefix}/{parcel.path}" if prefix else parcel.path)
    keys = S3Keys(
        destination.place["region"], secrets["access_key_id"], secrets["secret_access_key"]
    )
    given = {
        "x-amz-content-sha256": parcel.sha256 or UNSIGNED,
        "x-amz-security-token": secrets["session_token"],
        "x-amz-acl": parcel.acl,
    }
    headers = {name: value for name, value in given.items() if value is not None}
    return url, s3_headers("PUT", url, keys, headers, now=datetime.now(UTC))


async def _to_address(
    destination: Destination, secrets: dict[str, Any], parcel: Parcel
) -> tuple[str, dict[str, str]]:
    url = http_url(destination.place, secrets, parcel.path)
    sha256 = parcel.sha256 or await _hashed(parcel)
    signed = http_headers(
        secrets["secret"], url, sha256, key_id=destination.id, created=int(time.time())
    )
    return url, {**secrets["headers"], **signed}


async def _hashed(parcel: Parcel) -> str:
    digest = hashlib.sha256()
    async for block in parcel.blocks():
        digest.update(block)
    return digest.hexdigest()


def _said(answer: Answer) -> str:
    """Return a refusal in words; of S3's XML only the code and the message."""
    text = answer.head.decode(errors="replace")
    code, message = _CODE.search(text), _MESSAGE.search(text)
    if code:
        said = f": {code[1]}" + (f" ({message[1].strip()})" if message else "")
    else:
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        said = f": {line[:SAID_MAX]}" if line else ""
    if 300 <= answer.status < 400:
        said = f", a redirect, which is not followed; check the region and the address{said}"
    return f"The destination answered {answer.status}{said}."
