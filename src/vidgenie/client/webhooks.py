"""Telling a genuine webhook from a forged one.

Source: Standard Webhooks 1.0.0: `webhook-signature` holds `v1,<base64>` parted by blanks, each the
HMAC-SHA256 of `id.timestamp.body`.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vidgenie.client.errors import ApiError

TOLERANCE_S = 300.0
"""Seconds a message may be old, or of the future: what a replayed one is allowed."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A genuine event. The same `id` may come more than once: delivery is at least once."""

    id: str
    type: str
    timestamp: str
    data: Mapping[str, Any]


def verify_webhook(
    body: bytes | str,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance_s: float = TOLERANCE_S,
    now_s: float | None = None,
) -> WebhookEvent:
    """Return the event of a request, once its signature holds.

    `body` as it was received, not parsed and written again. While a secret is being changed, give
    both.
    Raises: ApiError `signature_invalid`.
    """
    given = {name.lower(): value for name, value in headers.items()}
    raw = body.encode() if isinstance(body, str) else body
    message_id, sent = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or not sent.isascii() or not sent.isdigit():
        raise _forged("the headers webhook-id and webhook-timestamp are missing or damaged")
    now = time.time() if now_s is None else now_s
    if abs(now - int(sent)) > tolerance_s:
        raise _forged(f"it is {now - int(sent):.0f} s old; at most {tolerance_s:g} s are allowed")
    signed = f"{message_id}.{sent}.".encode() + raw
    secrets = [secret] if isinstance(secret, str) else secret
    if not _has_match(signed, given.get("webhook-signature", ""), secrets):
        raise _forged("no signature of it was made with this secret")
    event = json.loads(raw)
    return WebhookEvent(message_id, event["type"], event["timestamp"], event["data"])


def _has_match(signed: bytes, signatures: str, secrets: Sequence[str]) -> bool:
    """Compare every pair, in constant time: how long it takes tells nothing."""
    found = False
    given = [part[3:].encode() for part in signatures.split() if part.startswith("v1,")]
    for secret in secrets:
        digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
        for signature in given:
            found |= hmac.compare_digest(base64.b64encode(digest), signature)
    return found


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not key:  # an empty key would let anybody sign
        raise ApiError("signature_invalid", "The secret is none: it has the form whsec_….")
    return key


def _forged(reason: str) -> ApiError:
    return ApiError("signature_invalid", f"The webhook is not accepted: {reason}.")
