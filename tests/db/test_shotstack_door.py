"""The Shotstack-compatible door in its own forms: renders, templates, errors, callbacks."""

import json
import uuid
from typing import Any

import pytest

from serving import EMPTY_EDIT, Api
from vidgenie.services.db.ids import from_uuid, new_id, to_uuid
from vidgenie.services.renders import store
from vidgenie.services.renders.submit import announce

HELLO = {
    "timeline": {
        "tracks": [
            {
                "clips": [
                    {
                        "asset": {"type": "title", "text": "Hi {{ NAME }} of {{PLACE}}"},
                        "start": 0,
                        "length": "{{ S }}",
                    }
                ]
            }
        ]
    },
    "output": {"format": "mp4", "resolution": "sd", "destinations": [{"provider": "shotstack"}]},
    "merge": [{"find": "NAME", "replace": "Ada"}, {"find": "S", "replace": 2}],
}


async def ask(
    api: Api, key: str | None, verb: str, path: str, body: object = None
) -> tuple[int, Any]:
    headers = {} if key is None else {"x-api-key": key}
    content = None if body is None else json.dumps(body)
    if content is not None:
        headers["content-type"] = "application/json"
    response = await api.http.request(verb, f"/shotstack{path}", content=content, headers=headers)
    return response.status_code, response.json() if response.content else None


async def made(api: Api, key: str, edit: object = EMPTY_EDIT, path: str = "/edit/v1") -> str:
    status, body = await ask(api, key, "POST", f"{path}/render", edit)
    assert status == 201, body
    assert body["success"] is True
    assert (body["message"], body["response"]["message"]) == (
        "Created",
        "Render Successfully Queued",
    )
    return str(body["response"]["id"])


def test_ids_and_uuids_are_one_to_one() -> None:
    for text in (new_id("rnd"), "rnd_" + "0" * 26, "rnd_7" + "z" * 25):
        assert from_uuid(to_uuid(text), "rnd") == text


@pytest.mark.parametrize("path", ["/edit/v1", "/edit/stage", "/v1", "/stage"])
async def test_a_render_is_queued_and_told_under_every_base(api: Api, key: str, path: str) -> None:
    shown = await made(api, key, path=path)
    ours = from_uuid(uuid.UUID(shown), "rnd")
    same = (await api.data("render.get", {"id": ours}, auth=key))["render"]
    assert same["status"] == "queued"
    status, body = await ask(api, key, "GET", f"{path}/render/{shown}")
    assert (status, body["success"], body["message"]) == (200, True, "OK")
    response = body["response"]
    assert (response["id"], response["status"]) == (shown, "queued")
    assert response["created"] == same["created_at"]
    assert "url" not in response
    assert response["data"] == EMPTY_EDIT
    _, body = await ask(api, key, "GET", f"{path}/render/{ours}?data=false")
    assert "data" not in body["response"]


async def test_a_render_sent_twice_with_one_key_is_one(api: Api, key: str) -> None:
    headers = {"x-api-key": key, "idempotency-key": "door-1"}
    answers = [
        await api.http.post("/shotstack/edit/v1/render", json=EMPTY_EDIT, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


async def test_what_is_unfilled_stays_literal_with_a_warning(api: Api, key: str) -> None:
    shown = await made(api, key, HELLO)
    _, body = await ask(api, key, "GET", f"/edit/v1/render/{shown}")
    warning = body["response"]["warnings"][0]
    assert warning["code"] == "merge_field_unfilled"
    assert "{{PLACE}}" in warning["message"]
    sent = {**HELLO, "output": {"format": "mp4", "resolution": "sd"}}
    assert body["response"]["data"] == sent
    _, body = await ask(api, key, "GET", f"/edit/v1/render/{shown}?merged=true")
    clip = body["response"]["data"]["timeline"]["tracks"][0]["clips"][0]
    assert clip["asset"]["text"] == "Hi Ada of {{PLACE}}"
    assert clip["length"] == 2
    assert "merge" not in body["response"]["data"]


async def test_refusals_say_what_and_where(api: Api, token: str, key: str) -> None:
    wrong = json.loads(json.dumps(HELLO))
    wrong["timeline"]["tracks"][0]["clips"][0]["lenght"] = 3
    status, body = await ask(api, key, "POST", "/edit/v1/render", wrong)
    assert (status, body["success"], body["response"]["error"]) == (400, False, "validation_failed")
    assert body["response"]["details"][0]["path"] == "/timeline/tracks/0/clips/0/lenght"
    assert "length" in body["message"]
    unfilled = {**HELLO, "merge": []}  # a length that stays `{{ S }}` is no length
    status, body = await ask(api, key, "POST", "/edit/v1/render", unfilled)
    assert (status, body["response"]["details"][0]["path"]) == (
        400,
        "/timeline/tracks/0/clips/0/length",
    )

    nowhere = str(uuid.uuid4())
    stranger = await api.key(await api.account("eve"))
    reader = await api.key(token, scopes=["render:read"])
    mine = await made(api, key)
    cases: list[tuple[str | None, str, str, int, str]] = [
        (None, "GET", f"/edit/v1/render/{mine}", 401, "x-api-key"),
        ("vg_live_nonsense", "GET", f"/edit/v1/render/{mine}", 401, ""),
        (reader, "POST", "/edit/v1/render", 403, "render:write"),
        (stranger, "GET", f"/edit/v1/render/{mine}", 404, mine),
        (key, "GET", f"/edit/v1/render/{nowhere}", 404, nowhere),
        (key, "GET", "/edit/v1/render/7", 404, "UUID"),
        (key, "GET", f"/edit/v1/render/{mine}?dta=1", 400, "`data`"),
        (key, "GET", f"/edit/v2/render/{mine}", 404, "/edit/v2/"),
        (key, "DELETE", "/v1/render", 405, "POST"),
        (key, "GET", "/v1/probe/http%3A%2F%2F%5B%3A%3A1", 400, "http://[::1"),
        (key, "GET", "/v1/probe/http%3A%2F%2F10.0.0.1%2Fa", 400, "http://10.0.0.1/a"),
    ]
    for sender, verb, path, expected, word in cases:
        status, body = await ask(api, sender, verb, path, {} if verb == "POST" else None)
        assert (status, body["success"]) == (expected, False), (path, body)
        assert word in body["message"], (path, body)
        assert set(body["response"]) == {"error", "message", "details"}
    rows = await api.audit(token)
    assert ("shotstack.render.create", 403) in [(row["action"], row["status"]) for row in rows]


async def test_the_callback_is_told_in_shotstacks_form(api: Api, key: str) -> None:
    shown = await made(api, key, {**EMPTY_EDIT, "callback": "http://127.0.0.1:9/hook"})
    output = {"key": "renders/a/b.mp4", "poster_key": "renders/a/b-poster.jpg", "format": "mp4"}
    async with api.db.transaction() as tx:
        ours = from_uuid(uuid.UUID(shown), "rnd")
        ended = await store.end(tx, ours, "done", output={**output, "duration": 1.0})
        assert ended is not None
        await announce(tx, ended, link=lambda stored: f"https://x/{stored}")
        rows = await (
            await tx.execute("SELECT payload FROM jobs WHERE kind = 'deliver_webhook'")
        ).fetchall()
    bodies = {row["payload"]["part"]: json.loads(row["payload"]["body"]) for row in rows}
    render, video = bodies["render"], bodies["video"]
    assert set(bodies) == {"render", "video", "poster"}
    assert render | {"completed": 0, "owner": 0} == {
        "type": "edit",
        "action": "render",
        "id": shown,
        "owner": 0,
        "status": "done",
        "url": "https://x/renders/a/b.mp4",
        "error": None,
        "completed": 0,
    }
    assert (video["type"], video["action"], video["status"]) == ("serve", "copy", "ready")
    assert video["render"] == shown != video["id"] != bodies["poster"]["id"]
    _, body = await ask(api, key, "GET", f"/edit/v1/render/{shown}")
    response = body["response"]
    assert response["status"] == "done"
    assert "renders/a/b.mp4" in response["url"]
    assert response["thumbnail"] is None


async def test_a_cancelled_render_has_failed_and_says_so(api: Api, key: str) -> None:
    shown = await made(api, key)
    await api.data("render.cancel", {"id": from_uuid(uuid.UUID(shown), "rnd")}, auth=key)
    _, body = await ask(api, key, "GET", f"/v1/render/{shown}")
    assert (body["response"]["status"], body["response"]["error"]) == (
        "failed",
        "The render was cancelled.",
    )


async def test_templates_are_kept_filled_as_they_are_and_left_literal(api: Api, key: str) -> None:
    unused = {"find": "NOWHERE", "replace": "x"}
    html = {"type": "html", "html": "<p>{{ NAME }} of {{PLACE}}</p>", "width": 90, "height": 90}
    clip = {"asset": html, "start": 0, "length": "{{ S }}"}
    kept = {
        **HELLO,
        "timeline": {"tracks": [{"clips": [clip]}]},
        "merge": [{"find": "S", "replace": 2}, unused],
    }
    status, body = await ask(
        api, key, "POST", "/edit/v1/templates", {"name": "hello", "template": kept}
    )
    assert (status, body["message"]) == (201, "Created")
    shown = body["response"]["id"]
    _, body = await ask(api, key, "GET", f"/edit/v1/templates/{shown}")
    assert body["response"]["template"] == kept
    merge = [{"find": "NAME", "replace": "<b>Ada</b>"}, {"find": "ELSE", "replace": 1}]
    status, body = await ask(
        api, key, "POST", "/edit/v1/templates/render", {"id": shown, "merge": merge}
    )
    assert status == 201, body
    codes = [warning["code"] for warning in body["response"]["warnings"]]
    assert codes == ["merge_field_unfilled", "merge_field_unused"]
    _, body = await ask(api, key, "GET", f"/edit/v1/render/{body['response']['id']}")
    made = body["response"]["data"]["timeline"]["tracks"][0]["clips"][0]
    assert made["asset"]["html"] == "<p><b>Ada</b> of {{PLACE}}</p>"
    assert made["length"] == 2

    renamed = {"name": "hi", "template": {**kept, "merge": []}}
    assert (await ask(api, key, "PUT", f"/edit/v1/templates/{shown}", renamed))[0] == 200
    _, body = await ask(api, key, "GET", "/stage/templates")
    listed = body["response"]["templates"]
    assert [(entry["id"], entry["name"]) for entry in listed] == [(shown, "hi")]
    ours = from_uuid(uuid.UUID(shown), "tpl")
    assert (await api.data("template.get", {"id": ours}, auth=key))["template"]["version"] == 2
    assert await ask(api, key, "DELETE", f"/edit/v1/templates/{shown}") == (204, None)
    status, body = await ask(api, key, "GET", f"/edit/v1/templates/{shown}")
    assert (status, body["success"]) == (404, False)
    assert shown in body["message"]


async def test_a_templates_problems_are_where_they_were_sent(api: Api, key: str) -> None:
    for template, path in (
        ({"timeline": {"tracks": []}}, "/template/output"),
        (
            {**EMPTY_EDIT, "output": {"format": "mp5"}},
            "/template/output/format",
        ),
    ):
        body = {"name": "wrong", "template": template}
        status, answer = await ask(api, key, "POST", "/edit/v1/templates", body)
        assert (status, answer["response"]["details"][0]["path"]) == (400, path)
    status, answer = await ask(api, key, "PUT", f"/v1/templates/{uuid.uuid4()}", {"name": "x"})
    assert (status, answer["response"]["details"][0]["path"]) == (400, "/template")


async def test_serve_and_ingest_refuse_in_their_form(api: Api, token: str, key: str) -> None:
    nowhere = str(uuid.uuid4())
    renders = await api.key(token, scopes=["render:read"])
    fetch = {"url": "ftp://x/y", "outputs": {"renditions": [{"format": "webm"}]}}
    transfer = {"url": "https://x/y", "id": "1", "destinations": [{"provider": "s3"}]}
    cases: list[tuple[str | None, str, str, object, int, str]] = [
        (None, "GET", f"/serve/v1/assets/{nowhere}", None, 401, ""),
        (key, "GET", f"/serve/v1/assets/{nowhere}", None, 404, ""),
        (key, "DELETE", f"/serve/v1/assets/{nowhere}", None, 404, ""),
        (key, "GET", f"/serve/v1/assets/render/{nowhere}", None, 404, ""),
        (key, "POST", "/serve/v1/assets", transfer, 400, "/destinations"),
        (renders, "POST", "/ingest/v1/sources", {"url": "https://x/y"}, 403, ""),
        (key, "POST", "/ingest/v1/sources", fetch, 400, "/outputs"),
        (key, "POST", "/ingest/v1/sources", {}, 400, "/url"),
        (key, "POST", "/ingest/v1/sources", {"url": "https://[::1"}, 400, "/url"),
        (key, "POST", "/ingest/v1/sources", {"url": "http://10.0.0.1/a"}, 400, "/url"),
        (key, "POST", "/ingest/v1/sources/", {"url": "https://x/y"}, 404, ""),
        (key, "GET", f"/ingest/v1/sources/{nowhere}", None, 404, ""),
        (key, "PUT", f"/ingest/v1/upload/{nowhere}?exp=1&sig=a", None, 403, ""),
        (key, "GET", "/ingest/v1/source", None, 404, ""),
    ]
    for sender, verb, path, sent, expected, pointer in cases:
        status, body = await ask(api, sender, verb, path, sent)
        assert (status, body["success"]) == (expected, False), (path, body)
        first = body["errors"][0]
        assert first["status"] == str(expected)
        assert first["detail"]
        assert first.get("source", {"pointer": ""})["pointer"] == pointer, path


async def test_sources_are_the_accounts_own(api: Api, key: str) -> None:
    url = "https://example.com/a.mp4"
    _, body = await ask(api, key, "POST", "/ingest/stage/sources", {"url": url})
    shown = body["data"]["id"]
    _, body = await ask(api, key, "GET", f"/ingest/v1/sources/{shown}")
    attributes = body["data"]["attributes"]
    assert (attributes["status"], attributes["input"]) == ("queued", url)
    stranger = await api.key(await api.account("eve"))
    assert (await ask(api, stranger, "GET", f"/ingest/v1/sources/{shown}"))[0] == 404
    assert (await ask(api, stranger, "GET", "/ingest/v1/sources"))[1] == {"data": []}
    assert await ask(api, key, "DELETE", f"/ingest/v1/sources/{shown}") == (204, None)
