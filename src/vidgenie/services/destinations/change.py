"""Setting destinations up. Credentials are encrypted at once, and shown by nobody again."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from vidgenie.core.edit.artifacts import path_problem
from vidgenie.errors import AssetForbidden, Problem, QuotaExceeded, RequestInvalid
from vidgenie.services.accounts.secrets import decrypt, encrypt
from vidgenie.services.accounts.webhook_secret import make_secret
from vidgenie.services.db.pool import Transaction
from vidgenie.services.destinations import store
from vidgenie.services.destinations.model import Destination, HttpPlace, S3Place
from vidgenie.services.net.guard import AddressGuard

DESTINATIONS_MAX = 50
"""Destinations of one account: all are looked through for an edit that names a bucket."""

URL_LENGTH_MAX = 2048
HEADERS_MAX = 10

BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
REGION = re.compile(r"[A-Za-z0-9-]{1,64}")
HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
PRINTABLE = re.compile(r"[\t\x20-\x7e]{1,4096}")

OURS = frozenset(
    ("host", "content-length", "content-type", "content-digest", "transfer-encoding", "connection")
    + ("signature", "signature-input", "expect", "te", "trailer", "upgrade")
)
"""Headers that the request itself decides."""


async def create(
    tx: Transaction,
    account_id: str,
    place: S3Place | HttpPlace,
    *,
    name: str,
    guard: AddressGuard,
    secret_key: bytes,
) -> tuple[Destination, str | None]:
    """Make a destination; return it, and for `http` the secret that signs, not shown again.

    Names are judged by their addresses when something is sent, as those may change until then.

    Raises: RequestInvalid with every problem; QuotaExceeded.
    """
    _check(place, guard)
    if await store.count(tx, account_id) >= DESTINATIONS_MAX:
        raise QuotaExceeded(
            f"This account has {DESTINATIONS_MAX} destinations, the most there may be; delete one"
            " first."
        )
    secret = make_secret() if isinstance(place, HttpPlace) else None
    made = await store.insert(
        tx,
        account_id,
        name=name,
        provider="s3" if isinstance(place, S3Place) else "http",
        place=_shown(place),
        secrets=encrypt(secret_key, json.dumps(_hidden(place, secret))),
    )
    return made, secret


async def update(
    tx: Transaction,
    account_id: str,
    destination_id: str,
    place: S3Place | HttpPlace | None,
    *,
    name: str | None,
    guard: AddressGuard,
    secret_key: bytes,
) -> Destination:
    """Change a destination's name, or its place with all its credentials; its provider stays.

    A new place comes with credentials of its own: those of the old one are not for it.

    Raises: RequestInvalid with every problem; NotFound.
    """
    if place is None:
        return await store.update(
            tx, account_id, destination_id, name=name, place=None, secrets=None
        )
    _check(place, guard)
    old = await store.get(tx, account_id, destination_id)
    provider = "s3" if isinstance(place, S3Place) else "http"
    if provider != old.provider:
        message = f"this destination is one of `{old.provider}`; make another for `{provider}`"
        raise RequestInvalid(
            f"/{provider}: {message}.", problems=[Problem(f"/{provider}", "wrong_value", message)]
        )
    secret = json.loads(decrypt(secret_key, old.secrets)).get("secret")
    return await store.update(
        tx,
        account_id,
        destination_id,
        name=name,
        place=_shown(place),
        secrets=encrypt(secret_key, json.dumps(_hidden(place, secret))),
    )


async def delete(tx: Transaction, account_id: str, destination_id: str) -> None:
    """Delete a destination; copies that wait for it fail. Raises: NotFound."""
    if not await store.remove(tx, account_id, destination_id):
        raise store.absent(destination_id)


def _shown(place: S3Place | HttpPlace) -> dict[str, Any]:
    """Return what may be shown of a place: no secret, and of a key only its ends."""
    if isinstance(place, HttpPlace):
        parts = urlsplit(place.url)
        return {
            "url": parts._replace(query="", fragment="").geturl(),
            "has_query": bool(parts.query),
            "headers": sorted(name.lower() for name in place.headers),
        }
    key = place.access_key_id
    is_path_style = place.is_path_style
    if is_path_style is None:  # a dot in a host's name would be none of the certificate's
        is_path_style = place.endpoint is not None or "." in place.bucket
    return {
        "bucket": place.bucket,
        "region": place.region,
        "endpoint": place.endpoint.rstrip("/") if place.endpoint else None,
        "prefix": place.prefix.strip("/"),
        "path_style": is_path_style,
        "access_key_id": f"{key[:4]}…{key[-4:]}" if len(key) > 12 else "…",
    }


def _hidden(place: S3Place | HttpPlace, secret: str | None) -> dict[str, Any]:
    if isinstance(place, HttpPlace):
        query = urlsplit(place.url).query
        return {"query": query, "headers": dict(place.headers), "secret": secret}
    return {
        "access_key_id": place.access_key_id,
        "secret_access_key": place.secret_access_key,
        "session_token": place.session_token,
    }


def _check(place: S3Place | HttpPlace, guard: AddressGuard) -> None:
    problems = [*(_s3(place, guard) if isinstance(place, S3Place) else _http(place, guard))]
    if problems:
        raise RequestInvalid(problems=problems)


def _s3(place: S3Place, guard: AddressGuard) -> Iterator[Problem]:
    if not BUCKET.fullmatch(place.bucket):
        message = "`bucket` is no bucket's name: 3 to 255 letters, digits, `.`, `_` and `-`"
        yield Problem("/s3/bucket", "wrong_value", message)
    if not REGION.fullmatch(place.region):
        message = "`region` is no region's name like eu-central-1 (some stores take `auto`)"
        yield Problem("/s3/region", "wrong_value", message)
    if place.prefix.strip("/") and (wrong := path_problem(place.prefix)):
        yield Problem("/s3/prefix", "wrong_value", f"`prefix` {wrong}")
    for name in ("access_key_id", "secret_access_key", "session_token"):
        text = getattr(place, name)
        if text is not None and not (PRINTABLE.fullmatch(text) and text == text.strip()):
            message = f"`{name}` has characters that no key has; was it copied whole and alone?"
            yield Problem(f"/s3/{name}", "wrong_value", message)
    if place.endpoint is not None:
        yield from _url(place.endpoint, "/s3/endpoint", guard)
        if "?" in place.endpoint or urlsplit(place.endpoint).path.strip("/"):
            message = "`endpoint` is a scheme and a host like https://s3.example.com, no more"
            yield Problem("/s3/endpoint", "wrong_value", message)


def _http(place: HttpPlace, guard: AddressGuard) -> Iterator[Problem]:
    yield from _url(place.url, "/http/url", guard)
    if len(place.headers) > HEADERS_MAX:
        message = f"`headers` has {len(place.headers)} entries; at most {HEADERS_MAX} are sent"
        yield Problem("/http/headers", "too_many", message)
    for name, value in place.headers.items():
        path = f"/http/headers/{name[:100].replace('~', '~0').replace('/', '~1')}"
        if not HEADER.fullmatch(name) or name.lower() in OURS:
            message = f"{name[:100]!r} is no header that can be set here"
            yield Problem(path, "wrong_value", message)
        elif not PRINTABLE.fullmatch(value):
            message = "a header's value has 1 to 4,096 printable ASCII characters"
            yield Problem(path, "wrong_value", message)


def _url(url: str, path: str, guard: AddressGuard) -> Iterator[Problem]:
    if len(url) > URL_LENGTH_MAX:
        message = f"the address has {len(url)} characters; at most {URL_LENGTH_MAX} are accepted"
        yield Problem(path, "too_long", message)
        return
    try:
        guard.check_url(url)
    except AssetForbidden as error:
        yield Problem(path, "invalid_url", error.message)
