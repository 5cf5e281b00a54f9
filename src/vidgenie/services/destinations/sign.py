"""How a PUT is signed: for buckets as S3 wants it, elsewhere as a signed HTTP message.

obstore, which the storage uses, could sign for buckets, too, but it reads the process's
environment: an operator's session token would have travelled to an account's bucket (seen). Both
signatures are a few lines of HMAC, and the examples of their documents are among the tests.

Source: AWS Signature Version 4 (Authorization header); RFC 9530 Content-Digest; RFC 9421 §3.3.3
(hmac-sha256).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

UNRESERVED = "-_.~"

UNSIGNED = "UNSIGNED-PAYLOAD"
"""Stands for the content's hash where that is not known before it is sent."""

LABEL = "vidgenie"
COVERED = ("@method", "@target-uri", "content-digest")


@dataclass(frozen=True, slots=True)
class S3Keys:
    """What signs for a bucket, in its region."""

    region: str
    access_key_id: str
    secret_access_key: str


def s3_url(place: Mapping[str, Any], path: str) -> str:
    """Return the address of one object."""
    region, bucket = place["region"], place["bucket"]
    ending = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    endpoint = place["endpoint"] or f"https://s3.{region}.{ending}"
    scheme, _, host = endpoint.partition("://")
    quoted = quote(path, safe=f"/{UNRESERVED}")
    if place["path_style"]:
        return f"{endpoint}/{bucket}/{quoted}"
    return f"{scheme}://{bucket}.{host}/{quoted}"


def s3_headers(
    method: str, url: str, keys: S3Keys, headers: Mapping[str, str], *, now: datetime
) -> dict[str, str]:
    """Return headers with what proves who sends them; `headers` are in lower case, `now` in UTC.

    `x-amz-content-sha256` must be among them: the content's hash, or `UNSIGNED`.
    """
    parts = urlsplit(url)
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    given = {**headers, "host": parts.netloc, "x-amz-date": stamp}
    names = ";".join(sorted(given))
    lines = "".join(f"{name}:{given[name].strip()}\n" for name in sorted(given))
    content = headers["x-amz-content-sha256"]
    request = "\n".join([method, parts.path, parts.query, lines, names, content])
    scope = f"{now:%Y%m%d}/{keys.region}/s3/aws4_request"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{keys.secret_access_key}".encode()
    for part in (*scope.split("/"), f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    proof = f"Credential={keys.access_key_id}/{scope},SignedHeaders={names},Signature={key.hex()}"
    sent = {name: value for name, value in given.items() if name != "host"}
    return {**sent, "authorization": f"AWS4-HMAC-SHA256 {proof}"}


def http_url(place: Mapping[str, Any], secrets: Mapping[str, Any], path: str) -> str:
    """Return the address of one file, with the query of the destination's address."""
    parts = urlsplit(place["url"])
    whole = f"{parts.path.rstrip('/')}/{quote(path)}"
    url: str = parts._replace(path=whole, query=secrets["query"]).geturl()
    return url


def http_headers(
    secret: str, url: str, sha256: str, *, key_id: str, created: int
) -> dict[str, str]:
    """Return the headers that prove who sends what; `sha256` in hex, `created` in seconds."""
    covered = " ".join(f'"{name}"' for name in COVERED)
    params = f'({covered});created={created};keyid="{key_id}";alg="hmac-sha256"'
    digest = f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
    values = {"@method": "PUT", "@target-uri": url, "content-digest": digest}
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return {
        "content-digest": digest,
        "signature-input": f"{LABEL}={params}",
        "signature": f"{LABEL}=:{message_signature(key, values, params)}:",
    }


def message_signature(key: bytes, values: Mapping[str, str], params: str) -> str:
    """Return the signature over components in their order, in base 64."""
    lines = [f'"{name}": {value}' for name, value in values.items()]
    base = "\n".join([*lines, f'"@signature-params": {params}'])
    return base64.b64encode(hmac.digest(key, base.encode(), hashlib.sha256)).decode()
