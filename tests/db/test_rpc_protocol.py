"""What every call has in common: envelopes, methods, bodies that are none, headers."""

import json
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from serving import EMPTY_EDIT, Api, serving
from vidgenie.edges.rpc.body import BODY_MAX
from vidgenie.services import fleet
from vidgenie.services.db.ids import is_id
from vidgenie.services.db.pool import Database

JSON = {"content-type": "application/json"}


@pytest.fixture
async def key(api: Api) -> str:
    return await api.key(await api.account("ada"))


async def test_envelope_of_success_and_failure(api: Api, key: str) -> None:
    good = await api.call("render.list", auth=key)
    assert good.json().keys() == {"ok", "data", "request_id"}
    bad = await api.call("render.get", {"id": "rnd_none"}, auth=key)
    assert bad.json().keys() == {"ok", "error", "request_id"}
    assert bad.json()["error"].keys() == {"code", "message", "details"}
    for response in (good, bad):
        assert is_id(response.json()["request_id"], "req")
        assert response.headers["x-request-id"] == response.json()["request_id"]


async def test_security_headers_are_on_every_answer(api: Api) -> None:
    for path in ("/healthz", "/api/v1/account.get", "/nowhere", "/docs"):
        headers = (await api.http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path


async def test_the_schema_of_an_edit_is_served(api: Api) -> None:
    response = await api.http.get("/edit.schema.json")
    assert response.headers["content-type"] == "application/schema+json"
    schema = response.json()
    assert schema["$id"].endswith("/edit.schema.json")
    assert Draft202012Validator(schema).is_valid(EMPTY_EDIT)
    assert not Draft202012Validator(schema).is_valid({**EMPTY_EDIT, "outptu": {}})


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/api/v1/render.creat", "render.create"),
        ("/api/v1/render/create", "render.create"),
        ("/api/v1/renders.list", "render.list"),
    ],
)
async def test_unknown_call_names_the_nearest(api: Api, path: str, hint: str) -> None:
    response = await api.http.post(path, json={})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
    assert hint in response.json()["error"]["message"]


async def test_wrong_method_says_which_are_right(api: Api) -> None:
    writes = await api.http.get("/api/v1/render.create")
    reads = await api.http.delete("/api/v1/render.get")
    for response in (writes, reads):
        assert response.status_code == 405
        assert response.json()["error"]["code"] == "method_not_allowed"
    assert writes.headers["allow"] == "POST"
    assert set(reads.headers["allow"].split(", ")) >= {"GET", "POST"}


async def test_reading_call_answers_get(api: Api, key: str) -> None:
    headers = {"x-api-key": key}
    made = await api.data("render.create", EMPTY_EDIT, auth=key)
    url = f"/api/v1/render.get?id={made['render']['id']}"
    got = await api.http.get(url, headers=headers)
    assert got.json()["data"]["render"]["id"] == made["render"]["id"]
    wrong = await api.http.get("/api/v1/render.list?limit=many&limt=3", headers=headers)
    assert wrong.status_code == 422
    assert {detail["path"] for detail in wrong.json()["error"]["details"]} == {"/limit", "/limt"}


@pytest.mark.parametrize("limit", [0, 101, -1, "all", 1.5])
async def test_limit_has_limits(api: Api, key: str, limit: object) -> None:
    assert (await api.refused("render.list", {"limit": limit}, auth=key))[0] == 422


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1,}',
        b"\xff\xfe",
        b'{"a": "\x00"}',
        b'{"metadata": {"a": "\\u0000"}}',
        b'{"metadata": {"a": "\\ud800"}}',
        b'{"metadata": {"\\u0000": 1}}',
        b'{"a": ' + b"1" * 5000 + b"}",
        b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:40]),
)
async def test_body_that_is_no_json_is_told_clearly(api: Api, key: str, body: bytes) -> None:
    headers = {"x-api-key": key, **JSON}
    response = await api.http.post("/api/v1/render.create", content=body, headers=headers)
    assert response.status_code == 400, response.text
    assert response.json()["error"]["code"] == "invalid_json"
    assert len(response.json()["error"]["message"]) < 400


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null"])
async def test_body_that_is_no_object_is_refused(api: Api, key: str, body: bytes) -> None:
    headers = {"x-api-key": key, **JSON}
    response = await api.http.post("/api/v1/render.list", content=body, headers=headers)
    assert response.status_code == 422


async def test_body_of_another_type_is_refused(api: Api, key: str) -> None:
    headers = {"x-api-key": key, "content-type": "text/plain"}
    response = await api.http.post("/api/v1/render.list", content=b"{}", headers=headers)
    assert response.status_code == 415
    assert "application/json" in response.json()["error"]["message"]


async def test_body_may_be_missing_where_nothing_is_needed(api: Api, key: str) -> None:
    response = await api.http.post("/api/v1/render.list", headers={"x-api-key": key})
    assert response.status_code == 200


async def test_large_body_is_refused_before_it_is_read(api: Api, key: str) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(2 * BODY_MAX >> 16):
            read += 1 << 16
            yield b" " * (1 << 16)

    headers = {"x-api-key": key, **JSON}
    response = await api.http.post("/api/v1/render.create", content=body(), headers=headers)
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "payload_too_large"
    declared = {**headers, "content-length": str(BODY_MAX + 1)}
    response = await api.http.post("/api/v1/render.create", content=b"{}", headers=declared)
    assert response.status_code == 413


async def test_edit_tells_every_problem_with_its_path(api: Api, key: str) -> None:
    clip = {"asset": {"type": "text", "text": "x"}, "start": 0, "lenght": 2}
    edit = {"timeline": {"tracks": [{"clips": [clip]}]}, "output": {"format": "mp5"}}
    response = await api.call("render.create", edit, auth=key)
    assert response.status_code == 422
    details = {entry["path"]: entry for entry in response.json()["error"]["details"]}
    assert "`length`" in details["/timeline/tracks/0/clips/0/lenght"]["message"]
    assert "/output/format" in details


async def test_placeholders_without_values_have_their_own_code(api: Api, key: str) -> None:
    edit = json.loads(json.dumps(EMPTY_EDIT).replace("1080p", "{{size}}"))
    assert await api.refused("render.create", edit, auth=key) == (422, "missing_merge_fields")


async def test_first_render_is_queued(api: Api, key: str) -> None:
    render = (await api.data("render.create", EMPTY_EDIT, auth=key))["render"]
    assert is_id(render["id"], "rnd")
    assert (render["status"], render["progress"], render["output"]) == ("queued", 0, None)
    cancelled = await api.data("render.cancel", {"id": render["id"]}, auth=key)
    assert cancelled["render"]["status"] == "cancelled"
    again = await api.refused("render.cancel", {"id": render["id"]}, auth=key)
    assert again == (409, "not_cancellable")


async def test_numbers_too_large_for_json_are_refused(api: Api, key: str) -> None:
    body = json.dumps({**EMPTY_EDIT, "metadata": {"a": 0}}).replace(": 0}", ": 1e999}").encode()
    headers = {"x-api-key": key, **JSON}
    response = await api.http.post("/api/v1/render.create", content=body, headers=headers)
    assert response.status_code in (400, 422), response.text


async def test_another_accounts_render_is_not_told_to_exist(api: Api, key: str) -> None:
    other = await api.key(await api.account("bob"))
    render = (await api.data("render.create", EMPTY_EDIT, auth=key))["render"]
    for call in ("render.get", "render.cancel"):
        assert await api.refused(call, {"id": render["id"]}, auth=other) == (404, "not_found")
    assert (await api.data("render.list", auth=other))["renders"] == []


async def test_lists_are_paged_newest_first(api: Api, key: str) -> None:
    made = [
        (await api.data("render.create", EMPTY_EDIT, auth=key))["render"]["id"] for _ in range(5)
    ]
    found: list[str] = []
    cursor = None
    for _ in range(3):
        body = {"limit": 2, "cursor": cursor}
        page = await api.data("render.list", body, auth=key)
        found += [render["id"] for render in page["renders"]]
        cursor = page["next_cursor"]
    assert found == sorted(made, reverse=True)
    assert cursor is None


async def test_health_and_readiness(api: Api) -> None:
    assert (await api.http.get("/healthz")).status_code == 200
    ready = await api.http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"].keys() == {"database", "migrations", "storage", "workers"}
    assert ready.json()["checks"]["workers"]["ok"] is False, "none lives, and that is told only"
    async with api.db.transaction() as tx:
        await fleet.beat(tx, fleet.Living("a:1", "1.0", 2, ("limits", "landlock")))
        await fleet.beat(tx, fleet.Living("b:1", "1.0", 1, ("limits",)))
    told = (await api.http.get("/readyz")).json()["checks"]["workers"]
    assert (told["live"], told["slots"], told["sandbox"]) == (2, 3, ["limits"])
    async with api.db.transaction() as tx:
        await tx.execute("ALTER TABLE migrations RENAME TO migrations_away")
    try:
        response = await api.http.get("/readyz")
    finally:
        async with api.db.transaction() as tx:
            await tx.execute("ALTER TABLE migrations_away RENAME TO migrations")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"]["ok"] is False
    assert response.json()["checks"]["database"]["ok"] is True


async def test_metrics_count_the_queue(api: Api, key: str) -> None:
    await api.data("render.create", EMPTY_EDIT, auth=key)
    text = (await api.http.get("/metrics")).text
    assert 'vidgenie_jobs{queue="render",status="ready"} 1.0' in text
    assert "vidgenie_workers 0.0" in text
    assert "vidgenie_cache_bytes 0.0" in text
    assert 'vidgenie_dead_rows{table="jobs"}' in text


async def test_docs_load_nothing_from_elsewhere(api: Api) -> None:
    page = (await api.http.get("/docs")).text
    assert "http://" not in page
    assert "https://" not in page
    scripts = ("/docs/start.js", "/docs/static/swagger-ui-bundle.js")
    for path in (*scripts, "/docs/static/swagger-ui.css"):
        assert path in page
        assert (await api.http.get(path)).status_code == 200


async def test_cors_is_off_unless_asked_for(db: Database, tmp_path: Path, api: Api) -> None:
    ask = {"origin": "https://app.example", "access-control-request-method": "POST"}
    closed = await api.http.options("/api/v1/render.create", headers=ask)
    assert "access-control-allow-origin" not in closed.headers
    async with serving(db, tmp_path, cors_origins=("https://app.example",)) as opened:
        answer = await opened.http.options("/api/v1/render.create", headers=ask)
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        other = {**ask, "origin": "https://evil.example"}
        answer = await opened.http.options("/api/v1/render.create", headers=other)
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ((), "198.51.100.7", "127.0.0.1"),
        (("127.0.0.0/8",), "198.51.100.7", "198.51.100.7"),
        (("127.0.0.0/8",), "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (("127.0.0.0/8", "198.51.100.0/24"), "203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (("127.0.0.0/8",), "", "127.0.0.1"),
    ],
)
async def test_a_proxys_word_counts_only_if_it_is_trusted(
    db: Database, tmp_path: Path, trusted: tuple[str, ...], forwarded: str, address: str
) -> None:
    networks = tuple(ip_network(block) for block in trusted)
    async with serving(db, tmp_path, trusted_proxies=networks) as api:
        token = await api.account("ada")
        headers = {"x-forwarded-for": forwarded}
        await api.call("account.get", auth=token, headers=headers)
        [row] = await api.audit(token)
    assert row["address"] == address


async def test_database_that_is_away_is_unavailable(api: Api, key: str, db: Database) -> None:
    await db.__aexit__(None, None, None)
    response = await api.call("render.list", auth=key)
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "unavailable"
    assert (await api.http.get("/healthz")).status_code == 200
    assert (await api.http.get("/readyz")).status_code == 503
