"""Genuine webhooks pass, everything else does not; the times a server asks for are read."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from vidgenie.client import ApiError, verify_webhook
from vidgenie.client.retries import retry_after_s

SECRET, OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = 1_790_000_000
BODY = json.dumps({"type": "render.done", "timestamp": "2026-09-21T00:00:00Z", "data": {"a": 1}})


def headers(secret: str = SECRET, *, at: int = NOW) -> dict[str, str]:
    """Sign as the package of Standard Webhooks does, which is not ours."""
    sent = datetime.fromtimestamp(at, UTC)
    return {
        "Webhook-Id": "evt_1",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": Webhook(secret).sign("evt_1", sent, BODY),
    }


@pytest.mark.parametrize("body", [BODY, BODY.encode()])
def test_a_genuine_one_passes(body: bytes | str) -> None:
    event = verify_webhook(body, headers(), SECRET, now_s=NOW + 10)
    assert (event.id, event.type, event.data) == ("evt_1", "render.done", {"a": 1})


def test_while_secrets_change_either_may_sign() -> None:
    both = headers()
    both["Webhook-Signature"] += " " + headers(OLD)["Webhook-Signature"] + " v2,other"
    assert verify_webhook(BODY, both, OLD, now_s=NOW).id == "evt_1"
    assert verify_webhook(BODY, headers(OLD), [SECRET, OLD], now_s=NOW).id == "evt_1"


@pytest.mark.parametrize(
    ("body", "given", "secret", "late_s"),
    [
        (BODY + " ", headers(), SECRET, 0),
        (BODY, headers(), OLD, 0),
        (BODY, headers(), SECRET, 301),
        (BODY, headers(), SECRET, -301),
        (BODY, {**headers(), "Webhook-Id": "evt_2"}, SECRET, 0),
        (BODY, {**headers(), "Webhook-Timestamp": str(NOW + 1)}, SECRET, 0),
        (BODY, {**headers(), "Webhook-Timestamp": "soon"}, SECRET, 0),
        (BODY, {**headers(), "Webhook-Signature": ""}, SECRET, 0),
        (BODY, {**headers(), "Webhook-Signature": "v1,é"}, SECRET, 0),
        (BODY, {}, SECRET, 0),
        (BODY, headers(), "", 0),
        (BODY, headers(), "whsec_?", 0),
        (BODY, headers(), [], 0),
    ],
)
def test_everything_else_does_not(
    body: str, given: dict[str, str], secret: str, late_s: int
) -> None:
    with pytest.raises(ApiError) as told:
        verify_webhook(body, given, secret, now_s=NOW + late_s)
    assert told.value.code == "signature_invalid"


@pytest.mark.parametrize("secret", ["", "whsec_"])
def test_an_empty_secret_lets_nobody_sign(secret: str) -> None:
    signed = hmac.new(b"", f"evt_1.{NOW}.{BODY}".encode(), hashlib.sha256).digest()
    forged = {**headers(), "Webhook-Signature": f"v1,{base64.b64encode(signed).decode()}"}
    with pytest.raises(ApiError, match="whsec_"):
        verify_webhook(BODY, forged, secret, now_s=NOW)


def test_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)
    assert retry_after_s("7") == 7
    assert retry_after_s("Wed, 25 Nov 2026 12:01:30 GMT", now=now) == 90
    assert retry_after_s("Wed, 25 Nov 2026 11:00:00 GMT", now=now) == 0
    assert retry_after_s("soon") is retry_after_s(None) is retry_after_s("") is None
