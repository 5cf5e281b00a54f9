"""Every call × everything that can be wrong with a request: made from the table of calls.

A new call takes part by itself; `worlds.GOOD` asks for a request that it takes.

    column             answer                        audit row
    no credential      401 unauthenticated           none: nobody called
    malformed          401 unauthenticated           none
    expired, revoked   401 unauthenticated           of its owner
    wrong kind         403 wrong_credential          yes
    missing scope      403 insufficient_scope        yes
    another's object   404 not_found, as for none    yes, and nothing of the other's changes
    wrong types        422, every path               yes
    body too large     413 payload_too_large         yes
    wrong content type 415 unsupported_media_type    yes
    no JSON            400 invalid_json              yes
    wrong method       405 method_not_allowed        none: no call was made
    sent again, raced  once, or 409                  yes, each
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from jsonschema import Draft202012Validator

from serving import Api, serving
from vidgenie.core.edit.schema import edit_schema
from vidgenie.edges.rpc.body import BODY_MAX
from vidgenie.edges.rpc.calls import Method
from vidgenie.edges.rpc.context import Rates
from vidgenie.edges.rpc.contract import BY_NAME, METHODS
from vidgenie.services.accounts import passwords
from vidgenie.services.accounts.model import SCOPES
from vidgenie.services.db.pool import Database
from vidgenie.services.limits.rate import Rate
from worlds import GOOD, World, headers_of, make_world

FREE = Rate(burst=100_000, every_s=0.001)
RATES = Rates(**dict.fromkeys(Rates.__slots__, FREE))

LOCKED = [method for method in METHODS if method.credential != "none"]
SCOPED = [method for method in METHODS if method.scope is not None]
KINDS = [method for method in LOCKED if method.credential != "either"]
JSON_CALLS = [method for method in METHODS if not method.is_upload]
NAMING = [method for method in LOCKED if "id" in method.takes.model_fields]
CREATING = [method for method in METHODS if method.creates]


def each(methods: list[Method]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("method", methods, ids=lambda method: method.call)


@pytest.fixture(scope="module")
async def api(migrated_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", cheap)
        async with (
            Database(migrated_url) as db,
            serving(db, tmp_path_factory.mktemp("uploads"), rates=RATES) as made,
        ):
            yield made


@pytest.fixture(scope="module")
async def world(api: Api) -> World:
    """One account for all requests that are refused: they change nothing."""
    return await make_world(api, "ada")


@pytest.fixture(scope="module")
async def other(api: Api) -> World:
    return await make_world(api, "bob")


async def rows_of(api: Api, request_id: str) -> list[dict[str, Any]]:
    """Return the audit rows of one request."""
    async with api.db.transaction() as tx:
        cursor = await tx.execute("SELECT * FROM audit WHERE request_id = %s", (request_id,))
        return await cursor.fetchall()


async def refused(
    world: World, method: Method, response: httpx.Response, want: tuple[int, str]
) -> dict[str, Any]:
    """Check a refusal's status, code and form, and its audit row; return its error."""
    answer = response.json()
    assert answer.keys() == {"ok", "error", "request_id"}, answer
    assert answer["ok"] is False
    error: dict[str, Any] = answer["error"]
    assert (response.status_code, error["code"]) == want, answer
    assert error.keys() == {"code", "message", "details"}
    assert 10 < len(error["message"]) < 600
    rows = await rows_of(world.api, answer["request_id"])
    if method.credential == "none":
        assert rows == []
        return error
    [row] = rows
    assert (row["action"], row["status"], row["code"]) == (method.call, *want)
    assert row["account_id"] == world.account_id
    return error


async def unknown(api: Api, response: httpx.Response) -> None:
    """Check the refusal of a request of which nobody knows whose it is."""
    answer = response.json()
    assert (response.status_code, answer["error"]["code"]) == (401, "unauthenticated"), answer
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert await rows_of(api, answer["request_id"]) == []


def test_every_call_has_a_good_request() -> None:
    assert GOOD.keys() == BY_NAME.keys()


@each(LOCKED)
async def test_without_or_with_a_malformed_credential(world: World, method: Method) -> None:
    await unknown(world.api, await world.send(method))
    good = world.credential(method) or ""
    typing_error = good[:-1] + ("a" if good[-1] != "a" else "b")
    for text in (typing_error, good[:-1], good + "A", good.upper(), "", "vg_live_", "x" * 3000):
        for headers in ({"authorization": f"Bearer {text}"}, {"x-api-key": text}):
            await unknown(world.api, await world.send(method, **headers))
    for header in (f"Basic {good}", good, f"Token {good}"):
        await unknown(world.api, await world.send(method, authorization=header))


@each(LOCKED)
async def test_credentials_that_are_no_longer_good(
    api: Api, faded: dict[str, tuple[World, str]], method: Method
) -> None:
    kind = "token" if method.credential == "token" else "key"
    for end in ("expired", "revoked", "disabled"):
        owner, credential = faded[f"{end} {kind}"]
        response = await owner.send(method, credential)
        error = await refused(owner, method, response, (401, "unauthenticated"))
        assert end in error["message"] or "logged out" in error["message"]


@pytest.fixture(scope="module")
async def faded(api: Api) -> dict[str, tuple[World, str]]:
    """Return tokens and keys that were good once."""
    made = {}
    for end in ("expired", "revoked", "disabled"):
        owner = await make_world(api, end)
        made[f"{end} token"], made[f"{end} key"] = (owner, owner.token), (owner, owner.key)
        change = {
            "expired": "expires_at = now() - interval '1 second'",
            "revoked": "revoked_at = now()",
        }.get(end)
        async with api.db.transaction() as tx:
            who = (owner.account_id,)
            for table in ("access_tokens", "api_keys") if change else ():
                text = f"UPDATE {table} SET {change} WHERE account_id = %s"
                await tx.execute(text.encode(), who)
            if not change:
                await tx.execute("UPDATE accounts SET status = 'disabled' WHERE id = %s", who)
    return made


@each(KINDS)
async def test_wrong_kind_of_credential(world: World, method: Method) -> None:
    wrong = world.key if method.credential == "token" else world.token
    response = await world.send(method, wrong)
    await refused(world, method, response, (403, "wrong_credential"))


@pytest.fixture(scope="module")
async def narrow(api: Api, world: World) -> dict[str, str]:
    """Return a key without each scope."""
    return {
        scope: await api.key(world.token, scopes=[s for s in SCOPES if s != scope])
        for scope in SCOPES
    }


@each(SCOPED)
async def test_scope_that_a_key_does_not_have(
    world: World, narrow: dict[str, str], method: Method
) -> None:
    assert method.scope is not None
    response = await world.send(method, narrow[method.scope])
    error = await refused(world, method, response, (403, "insufficient_scope"))
    assert method.scope in error["message"]


async def belongings(api: Api, account_id: str) -> dict[str, list[str]]:
    """Return all rows of an account, as text."""
    found = {}
    async with api.db.transaction() as tx:
        cursor = await tx.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'account_id' AND table_schema = 'public'"
        )
        for name in sorted(row["table_name"] for row in await cursor.fetchall()):
            text = f"SELECT t::text AS t FROM {name} t WHERE account_id = %s ORDER BY 1"
            rows = await (await tx.execute(text.encode(), (account_id,))).fetchall()
            found[name] = [row["t"] for row in rows]
    return found


@each(NAMING)
async def test_another_accounts_object_is_as_none(
    api: Api, world: World, other: World, method: Method
) -> None:
    credential = world.credential(method)
    named = other.good(method)["id"]
    nobodys = named[:-6] + "zzzzzz"
    before = await belongings(api, other.account_id)
    said = []
    for name in (named, nobodys):
        response = await world.send(method, credential, {**world.good(method), "id": name})
        error = await refused(world, method, response, (404, "not_found"))
        said.append(json.dumps(error).replace(name, "ID"))
    assert said[0] == said[1], "the answer tells whether the object exists"
    assert await belongings(api, other.account_id) == before


async def test_others_objects_beside_the_id_are_as_none(
    api: Api, world: World, other: World
) -> None:
    body = {"since": "2026-01-01T00:00:00Z", "webhook_id": other.ids["webhook"]}
    response = await api.call("webhook.redeliver", body, auth=world.key)
    await refused(world, BY_NAME["webhook.redeliver"], response, (404, "not_found"))
    clip = {
        "asset": {"type": "image", "src": f"asset://{other.ids['asset']}"},
        "start": 0,
        "length": 1,
    }
    edit = {"timeline": {"tracks": [{"clips": [clip]}]}, "output": {"format": "mp4"}}
    for call in ("render.explain", "render.snapshot"):
        said = []
        for src in (other.ids["asset"], "ast_nobody"):
            clip["asset"] = {"type": "image", "src": f"asset://{src}"}
            response = await api.call(call, edit, auth=world.key)
            assert response.status_code == 422, response.text
            said.append(response.text.replace(src, "ID").partition('"request_id"')[0])
        assert said[0] == said[1]
    listed = {"object_id": other.ids["render"]}
    theirs = (await api.data("audit.list", listed, auth=other.token))["rows"]
    mine = (await api.data("audit.list", listed, auth=world.token))["rows"]
    assert not {row["id"] for row in theirs} & {row["id"] for row in mine}


WRONG: tuple[Any, ...] = (None, True, 7, -1, 1.5, "", "\u2028<x>", [], [7], {}, {"x": 1})


def schemas_of(method: Method) -> dict[str, dict[str, Any]]:
    """Return the schema of each parameter; of an edit's members where the call takes one."""
    schema = method.takes.model_json_schema()
    defined = schema.get("$defs", {})
    found = {name: {**part, "$defs": defined} for name, part in schema["properties"].items()}
    if method.is_raw:
        edit = edit_schema()
        found |= {
            name: {**part, "$defs": edit["$defs"]} for name, part in edit["properties"].items()
        }
    return found


@each(JSON_CALLS)
async def test_parameters_of_wrong_types(world: World, method: Method) -> None:
    credential, good = world.credential(method), world.good(method)
    for name, schema in schemas_of(method).items():
        judge = Draft202012Validator(schema)
        for value in WRONG:
            if judge.is_valid(value):
                continue
            response = await world.send(method, credential, {**good, name: value})
            assert response.status_code == 422, f"{name}={value!r}: {response.text[:300]}"
            error = await refused(world, method, response, (422, "validation_failed"))
            paths = [detail["path"] for detail in error["details"]]
            assert any(path.startswith(f"/{name}") for path in paths), f"{name}={value!r}: {error}"


@each(JSON_CALLS)
async def test_parameters_that_are_missing_or_unknown(world: World, method: Method) -> None:
    credential, good = world.credential(method), world.good(method)
    strange = {**good, "surprise": 1}
    response = await world.send(method, credential, strange)
    error = await refused(world, method, response, (422, "validation_failed"))
    assert [detail["path"] for detail in error["details"]] == ["/surprise"]
    for name in method.takes.model_json_schema().get("required", ()):
        less = {key: value for key, value in good.items() if key != name}
        response = await world.send(method, credential, less)
        error = await refused(world, method, response, (422, "validation_failed"))
        assert [detail["path"] for detail in error["details"]] == [f"/{name}"]


@each([method for method in METHODS if method.reads])
async def test_queries_of_wrong_types(world: World, method: Method) -> None:
    header = headers_of(world.credential(method))
    good = {name: str(value) for name, value in world.good(method).items()}
    for wrong in ({"surprise": "1"}, {"limit": "many"}, {"limit": "0"}, {"id": ""}):
        query = {**good, **wrong}
        response = await world.api.http.get(method.path, params=query, headers=header)
        await refused(world, method, response, (422, "validation_failed"))
    twice = [*good.items(), ("id", "a"), ("id", "b")]
    response = await world.api.http.get(method.path, params=twice, headers=header)
    await refused(world, method, response, (422, "validation_failed"))


@each(METHODS)
async def test_body_too_large(world: World, method: Method) -> None:
    http, headers = world.api.http, headers_of(world.credential(method))
    limit = method.body_max or BODY_MAX
    if method.is_upload:
        limit = world.api.context.upload_bytes_max + (1 << 20)
        headers["content-type"] = "multipart/form-data; boundary=x"
    declared = {"content-type": "application/json", **headers, "content-length": str(limit + 1)}
    response = await http.post(method.path, content=b"{}", headers=declared)
    await refused(world, method, response, (413, "payload_too_large"))

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(limit // (1 << 20) + 1):
            yield b" " * (1 << 20)
        raise AssertionError("it was read on")

    if not method.is_upload:
        kind = {"content-type": "application/json", **headers}
        response = await http.post(method.path, content=endless(), headers=kind)
        await refused(world, method, response, (413, "payload_too_large"))


@each(METHODS)
async def test_wrong_content_type_and_bodies_that_are_none(world: World, method: Method) -> None:
    http, headers = world.api.http, headers_of(world.credential(method))
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "json"):
        sent = {**headers, "content-type": kind}
        response = await http.post(method.path, content=b"{}", headers=sent)
        await refused(world, method, response, (415, "unsupported_media_type"))
    kind = "multipart/form-data; boundary=x" if method.is_upload else "application/json"
    sent = {**headers, "content-type": kind}
    for body in (b"{", b"\xff\xfe\x00", b'{"a": NaN}', b'{"a":"\\u0000"}', b"[" * 50_000):
        response = await http.post(method.path, content=body, headers=sent)
        want = (422, "validation_failed") if method.is_upload else (400, "invalid_json")
        await refused(world, method, response, want)


@each(METHODS)
async def test_wrong_method(world: World, method: Method) -> None:
    allowed = {"POST", "GET"} if method.reads else {"POST"}
    for verb in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS"):
        if verb in allowed:
            continue
        headers = headers_of(world.credential(method))
        response = await world.api.http.request(verb, method.path, headers=headers)
        answer = response.json()
        assert (response.status_code, answer["error"]["code"]) == (405, "method_not_allowed")
        assert set(response.headers["allow"].split(", ")) - {"HEAD"} == allowed
        assert await rows_of(world.api, answer["request_id"]) == []


TIMES = 4

ONCE = {
    "account.verify_email": 422,
    "account.reset_password": 422,
    "account.delete": 401,
    "account.logout": 401,
    "account.change_password": 422,
    "render.cancel": 409,
    "render.delete": 404,
    "template.delete": 404,
    "asset.delete": 404,
    "webhook.delete": 404,
    "destination.delete": 404,
}
"""Calls that happen once, and what is answered when they come again."""

TWICE = ("account.logout", "render.delete")
"""Of these, two that race may both be told that it is done: it is."""

MAY = {200, 401, 404, 409, 422}
"""What a call may answer that races with itself."""


@each([method for method in METHODS if not method.creates])
async def test_raced_and_sent_again(api: Api, method: Method) -> None:
    world = await make_world(api, "race")
    credential, body = world.credential(method), world.good(method)
    times = 2 if method.answers else TIMES
    answers = await asyncio.gather(*(world.send(method, credential, body) for _ in range(times)))
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) <= MAY, [answer.text for answer in answers]
    again = await world.send(method, credential, body)
    if method.call in ONCE:
        assert again.status_code == ONCE[method.call], again.text
        assert statuses.count(200) == 1 or method.call in TWICE, statuses
    elif method.call == "account.register":
        assert statuses == [200, *[409] * (times - 1)]
        assert again.status_code == 409
    else:
        assert {*statuses, again.status_code} == {200}, [answer.text for answer in answers]
    for answer in answers:
        rows = await rows_of(api, answer.headers["x-request-id"])
        assert [row["status"] for row in rows] == (
            [] if method.credential == "none" else [answer.status_code]
        )


TABLES = {
    "render": "renders",
    "template": "templates",
    "webhook": "webhooks",
    "apikey": "api_keys",
    "destination": "destinations",
}

OTHER: dict[str, dict[str, Any]] = {
    "account.rotate_callback_secret": {},
    "apikey.create": {"name": "another"},
    "apikey.rotate": {"overlap": 61},
    "render.create": {"metadata": {"n": 2}},
    "render.retry": {"id": "rnd_another"},
    "template.create": {"name": "another"},
    "template.render": {"merge": {"name": "Bob"}},
    "webhook.create": {"events": ["render.failed"]},
    "destination.create": {"name": "other films"},
    "webhook.rotate_secret": {"id": "whk_another"},
}
"""What makes another body of a creating call's good one; one call takes nothing."""


async def count_rows(api: Api, world: World) -> dict[str, int]:
    async with api.db.transaction() as tx:
        found = {}
        for table in TABLES.values():
            text = f"SELECT count(*) AS n FROM {table} WHERE account_id = %s"
            row = await (await tx.execute(text.encode(), (world.account_id,))).fetchone()
            assert row is not None
            found[table] = row["n"]
    return found


def _without_secrets(answer: httpx.Response) -> str:
    text: str = json.dumps(answer.json()["data"], sort_keys=True)
    return re.sub(r'"(plaintext|secret|callback_secret)": (null|"[^"]*")', r'"\1": null', text)


@each(CREATING)
async def test_creating_call_raced_under_one_key_happens_once(api: Api, method: Method) -> None:
    world = await make_world(api, "race")
    credential, body = world.credential(method), world.good(method)
    before = await count_rows(api, world)

    async def send(sent: dict[str, Any], name: str = "order-1") -> httpx.Response:
        return await api.call(method.call, sent, auth=credential, headers={"idempotency-key": name})

    answers = await asyncio.gather(*(send(body) for _ in range(TIMES)))
    answers.append(await send(body))
    good = [answer for answer in answers if answer.status_code == 200]
    others = [answer for answer in answers if answer.status_code != 200]
    assert answers[-1] in good
    assert len({_without_secrets(answer) for answer in good}) == 1
    assert sum(_has_secret(answer) for answer in good) == bool(method.secrets)
    for answer in others:
        await refused(world, method, answer, (409, "conflict"))
    grown = sum((await count_rows(api, world)).values()) - sum(before.values())
    assert grown == (0 if method.call.endswith("_secret") else 1)

    if change := OTHER[method.call]:
        response = await send({**body, **change})
        await refused(world, method, response, (409, "idempotency_mismatch"))
    for name in ("", "x" * 256):
        await refused(world, method, await send(body, name), (422, "validation_failed"))


def _has_secret(answer: httpx.Response) -> bool:
    return bool(re.search(r'"(plaintext|secret|callback_secret)":\s*"', answer.text))
