"""Requests nobody thought of, made by schemathesis from the OpenAPI document of a running server.

Half of them are as the document says, half are not. No answer may be a failure of the server's, or
one that the document does not describe; what breaks the document's rules must be refused. Ids of
objects that exist are mixed in, so that more than 404 is seen.

`make fuzz` does the same for longer, from a new seed that a failure prints.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi import checks

from served import Served, api_process
from vidgenie.edges.rpc.calls import Method
from vidgenie.edges.rpc.contract import METHODS
from worlds import EMPTY_EDIT, HOOK, TEMPLATE

load_all_checks()
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
"""Requests of each operation in each mode; edits take half a second to make: a third as many."""
SEED = int(os.environ.get("FUZZ_SEED", "20261125"))
USERNAME = "fuzz"

OPERATIONS = [
    (method, verb)
    for method in METHODS
    for verb in (("POST", "GET") if method.reads else ("POST",))
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture(scope="module")
def served(migrated_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with api_process(migrated_url, tmp_path_factory.mktemp("api")) as made:
        made.register(USERNAME)
        yield made


@pytest.fixture(scope="module")
def schema(served: Served) -> BaseSchema:
    document = requests.get(f"{served.url}/openapi.json", timeout=30).json()
    for operations in document["paths"].values():
        for operation in operations.values():
            operation.pop("security")  # credentials are given here; the matrix takes them away
    return schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="module")
def key(served: Served) -> str:
    authorization = f"Bearer {served.log_in(USERNAME)}"
    made: Any = served.call("apikey.create", {"name": "fuzz"}, authorization=authorization)
    return str(made["api_key"]["plaintext"])


@pytest.fixture(scope="module")
def token(served: Served) -> str:
    return served.log_in(USERNAME)


@pytest.fixture(scope="module")
def ids(served: Served, key: str) -> dict[str, str]:
    """Return one object of each noun."""
    call = partial(served.call, **{"x-api-key": key})
    made: dict[str, Any] = {
        "render": call("render.create", EMPTY_EDIT)["render"],
        "template": call("template.create", TEMPLATE)["template"],
        "webhook": call("webhook.create", {"url": HOOK})["webhook"],
    }
    body = {"id": made["template"]["id"], "variants": [{}, {"merge": {"name": 3}}, 7]}
    made["batch"] = call("template.render", body)["batch"]
    call("render.cancel", {"id": made["render"]["id"]})  # its events end
    return {noun: str(entry["id"]) for noun, entry in made.items()}


def _name(value: Any) -> str:
    return value.call if isinstance(value, Method) else str(value)


@pytest.mark.parametrize(("method", "verb"), OPERATIONS, ids=_name)
def test_no_request_fails_the_server_or_its_document(
    request: pytest.FixtureRequest, schema: BaseSchema, method: Method, verb: str
) -> None:
    served: Served = request.getfixturevalue("served")
    ids: dict[str, str] = request.getfixturevalue("ids")
    headers = _headers(request, method)
    known = ids.get(method.call.partition(".")[0])
    operation = schema[method.path][verb]
    count = EXAMPLES // 3 if method.is_raw else EXAMPLES
    for mode in MODES:
        mixed_in = known if mode is GenerationMode.POSITIVE else None
        attempt = partial(_try, served.url, headers, mixed_in)
        _fuzz(operation.as_strategy(generation_mode=mode), attempt, count)


def _headers(request: pytest.FixtureRequest, method: Method) -> dict[str, str]:
    if method.credential == "none":
        return {}
    if method.credential != "token":
        return {"x-api-key": request.getfixturevalue("key")}
    ends = method.call == "account.logout"  # its own token: others go on with theirs
    token = request.getfixturevalue("served").log_in(USERNAME) if ends else None
    return {"authorization": f"Bearer {token or request.getfixturevalue('token')}"}


def _fuzz(cases: st.SearchStrategy[Case], attempt: Callable[..., None], count: int) -> None:
    @seed(SEED)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases, st.booleans())
    def run(case: Case, is_known: bool) -> None:
        attempt(case, is_known)

    with suppress(Unsatisfiable):  # nothing can be wrong where nothing is taken
        run()


def _try(url: str, headers: dict[str, str], known: str | None, case: Case, is_known: bool) -> None:
    if known is not None and is_known:
        for part in (case.body, case.query):
            if isinstance(part, dict) and isinstance(part.get("id"), str):
                part["id"] = known
    response = case.call(base_url=url, headers=headers, timeout=60)
    assert response.status_code != 500, f"seed {SEED}: {response.text}"
    assert response.status_code < 500 or "retry-after" in response.headers, response.text
    case.validate_response(response, checks=CHECKS)
