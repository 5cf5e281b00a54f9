"""Signed, time-limited links to stored objects: `/files/<key>?exp=…&name=…&sig=…`.

The signature covers the key, the end of validity and the file name; object stores' own signed
links would do, but a local folder has none, and one kind of link is enough.
"""

import base64
import hashlib
import hmac
import time
from typing import Literal
from urllib.parse import quote, urlencode

from vidgenie.services.storage.model import check_key

Verdict = Literal["valid", "expired", "forged"]


def sign(
    secret_key: bytes,
    public_url: str,
    key: str,
    ttl_s: float,
    *,
    filename: str | None = None,
    now: float | None = None,
) -> str:
    """Return a link to an object, valid for `ttl_s` seconds; browsers save it as `filename`."""
    expires = str(int((time.time() if now is None else now) + ttl_s))
    query = {"exp": expires}
    if filename is not None:
        query["name"] = filename
    query["sig"] = _signature(secret_key, check_key(key), expires, filename)
    return f"{public_url.rstrip('/')}/files/{quote(key)}?{urlencode(query)}"


def verify(
    secret_key: bytes,
    key: str,
    *,
    expires: str,
    signature: str,
    filename: str | None = None,
    now: float | None = None,
) -> Verdict:
    """Judge a link's parts; only a link that was once ours can be `expired`."""
    expected = _signature(secret_key, key, expires, filename)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        return "forged"
    return "valid" if int(expires) > (time.time() if now is None else now) else "expired"


def signature_of(secret_key: bytes, key: str, expires: str) -> str:
    """Return what makes a link to an object hold until a moment (seconds since 1970, as text)."""
    return _signature(secret_key, check_key(key), expires, None)


def _signature(secret_key: bytes, key: str, expires: str, filename: str | None) -> str:
    # A key of its own for this purpose: the same secret also encrypts and signs elsewhere.
    purpose = hmac.digest(secret_key, b"vidgenie/files/v1", hashlib.sha256)
    parts = [key, expires, *([] if filename is None else [filename])]
    # Lengths first, so that no two lists of parts share one text.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    digest = hmac.digest(purpose, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
