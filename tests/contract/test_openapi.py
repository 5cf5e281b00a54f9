"""The published contract: valid, complete, and changed only on purpose.

`BLESS=1 pytest tests/contract/test_openapi.py` accepts what it has become; the commit says why.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from vidgenie import errors
from vidgenie.edges.rpc.contract import BY_NAME, METHODS
from vidgenie.edges.rpc.errors import status_of
from vidgenie.edges.rpc.openapi import openapi
from vidgenie.errors import VidGenieError
from vidgenie.services.accounts.model import SCOPES

HERE = Path(__file__).parent

CALLS = [
    "account.register",
    "account.verify_email",
    "account.resend_verification",
    "account.login",
    "account.logout",
    "account.get",
    "account.sessions",
    "account.change_email",
    "account.change_password",
    "account.request_password_reset",
    "account.reset_password",
    "account.rotate_callback_secret",
    "account.delete",
    "apikey.create",
    "apikey.list",
    "apikey.revoke",
    "apikey.rotate",
    "render.retry",
    "webhook.get",
    "webhook.update",
    "render.create",
    "render.get",
    "render.list",
    "render.cancel",
    "render.delete",
    "render.events",
    "render.explain",
    "render.snapshot",
    "template.snapshot",
    "template.create",
    "template.get",
    "template.list",
    "template.update",
    "template.delete",
    "template.render",
    "batch.get",
    "batch.list",
    "batch.cancel",
    "asset.upload",
    "asset.delete",
    "asset.get",
    "asset.list",
    "asset.probe",
    "asset.upload_url",
    "webhook.create",
    "webhook.list",
    "webhook.delete",
    "webhook.test",
    "webhook.rotate_secret",
    "webhook.deliveries",
    "webhook.redeliver",
    "destination.create",
    "destination.get",
    "destination.list",
    "destination.update",
    "destination.delete",
    "destination.test",
    "audit.list",
    "usage.get",
]

STATUSES = {
    "invalid_json": 400,
    "unauthenticated": 401,
    "email_unverified": 403,
    "insufficient_scope": 403,
    "wrong_credential": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "username_taken": 409,
    "conflict": 409,
    "idempotency_mismatch": 409,
    "not_cancellable": 409,
    "validation_failed": 422,
    "missing_merge_fields": 422,
    "rate_limited": 429,
    "quota_exceeded": 429,
    "internal": 500,
    "unavailable": 503,
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi("https://video.example")


def kinds(kind: type[VidGenieError] = VidGenieError) -> Iterator[type[VidGenieError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from kinds(child)


def check_snapshot(name: str, found: object) -> None:
    path = HERE / name
    text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("BLESS") == "1":
        path.write_text(text)
    assert path.read_text() == text, f"{name} changed; BLESS=1 accepts it (see this file's head)"


def test_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_document_is_as_last_accepted(document: dict[str, Any]) -> None:
    document["info"].pop("version")
    check_snapshot("openapi.json", document)


def test_errors_are_as_last_accepted() -> None:
    found = {
        kind.__name__: {
            "code": kind.code,
            "status": status_of(kind()),
            "fault": kind.fault,
            "retry": kind.retry,
            "message": kind().message,
        }
        for kind in kinds()
    }
    check_snapshot("errors.json", found)


def test_every_promised_call_is_there() -> None:
    assert sorted(BY_NAME) == sorted(CALLS)


def test_every_promised_code_has_its_status() -> None:
    found: dict[str, set[int]] = {}
    for kind in kinds():
        found.setdefault(kind.code, set()).add(status_of(kind()))
    for code, status in STATUSES.items():
        assert status in found.get(code, ()), f"{code} should be {status}, found {found.get(code)}"


def test_every_error_of_a_call_has_a_status_of_its_own() -> None:
    hidden = {
        kind.__name__
        for kind in kinds()
        if not kind.__subclasses__()  # only leaves are raised
        and status_of(kind()) == 500
        and kind.fault == "client"
        and kind is not errors.DecodeError  # ends a render, never a call
    }
    assert hidden == set(), "a client cannot mend what is answered as 500"


def test_scopes_follow_the_nouns() -> None:
    for method in METHODS:
        noun = method.call.partition(".")[0].replace("batch", "render")
        if method.credential in ("key", "either"):
            verb = "read" if method.reads else "write"
            assert method.scope == f"{noun}:{verb}", method.call
            assert method.scope in SCOPES
        else:
            assert method.scope is None, f"{method.call}: tokens carry no scopes"


def test_only_reading_calls_answer_get(document: dict[str, Any]) -> None:
    for method in METHODS:
        verbs = set(document["paths"][method.path])
        assert verbs == ({"get", "post"} if method.reads else {"post"})
        is_read = method.call.endswith(
            (".get", ".list", ".sessions", ".deliveries", ".events", ".probe")
        )
        assert method.reads == is_read, method.call


def test_every_call_is_described(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"].endswith("."), path
            assert operation["operationId"]
    ids = [op["operationId"] for ops in document["paths"].values() for op in ops.values()]
    assert len(ids) == len(set(ids))


def test_a_client_can_be_generated() -> None:
    """openapi-python-client left out every call that takes an edit for one mixed enumeration."""
    document = openapi("https://video.example")

    def enums(part: Any) -> Iterator[list[Any]]:
        if isinstance(part, dict):
            if isinstance(part.get("enum"), list):
                yield part["enum"]
            part = list(part.values())
        for one in part if isinstance(part, list) else ():
            yield from enums(one)

    found = list(enums(document))
    assert len(found) > 50
    assert [values for values in found if len({type(value) for value in values}) > 1] == []
    operations = [one for verbs in document["paths"].values() for one in verbs.values()]
    assert all(one["summary"] and one["description"].endswith(".") for one in operations)
