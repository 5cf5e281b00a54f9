"""Templates through the API: versions, renders, and who may do what."""

from typing import Any

import pytest

from serving import Api

CALLS = ("get", "list", "create", "update", "delete", "render")
NOWHERE = "tpl_00000000000000000000000000"


def document(text: str = "Hello {{ name }}", **changes: Any) -> dict[str, Any]:
    clip = {"asset": {"type": "text", "text": text}, "start": 0, "length": "{{ seconds }}"}
    return {
        "name": "greeting",
        "timeline": {"tracks": [{"clips": [clip]}]},
        "output": {"format": "mp4", "size": {"width": 320, "height": 180}},
        "merge": [
            {"find": "name", "type": "string", "max": 40},
            {"find": "seconds", "type": "number", "default": 2, "min": 1},
        ],
        **changes,
    }


@pytest.fixture
async def made(api: Api, key: str) -> dict[str, Any]:
    answer = await api.data("template.create", document(), auth=key)
    template = answer["template"]
    assert isinstance(template, dict)
    return template


async def test_life_of_a_template(api: Api, key: str, made: dict[str, Any]) -> None:
    assert [(f["name"], f["required"]) for f in made["fields"]] == [
        ("name", True),
        ("seconds", False),
    ]
    named = {"id": made["id"]}
    changed = {**named, "timeline": document("Bye {{name}}")["timeline"]}
    second = (await api.data("template.update", changed, auth=key))["template"]
    renamed = (await api.data("template.update", {**named, "name": "x"}, auth=key))["template"]
    assert (second["version"], renamed["version"], renamed["name"]) == (2, 2, "x")
    first = (await api.data("template.get", {**named, "version": 1}, auth=key))["template"]
    assert first["timeline"] == made["timeline"] != second["timeline"]
    assert (first["version"], first["latest_version"]) == (1, 2)
    listed = (await api.data("template.list", auth=key))["templates"]
    assert [(entry["id"], entry["timeline"]) for entry in listed] == [(made["id"], None)]
    await api.data("template.delete", named, auth=key)
    assert await api.refused("template.get", named, auth=key) == (404, "not_found")


async def test_render_of_the_newest_or_of_a_pinned_version(
    api: Api, key: str, made: dict[str, Any]
) -> None:
    named = {"id": made["id"], "merge": {"name": "{{seconds}}"}}
    await api.data("template.update", {"id": made["id"], "merge": []}, auth=key)
    assert await api.refused("template.render", named, auth=key) == (422, "missing_merge_fields")
    answer = await api.data(
        "template.render", {**named, "version": 1, "metadata": {"n": 1}}, auth=key
    )
    render = answer["render"]
    assert (render["template_id"], render["template_version"]) == (made["id"], 1)
    assert (render["status"], render["metadata"]) == ("queued", {"n": 1})
    await api.data("template.delete", {"id": made["id"]}, auth=key)
    kept = (await api.data("render.get", {"id": render["id"]}, auth=key))["render"]
    assert kept["template_id"] == made["id"]


async def test_rendered_edit_is_checked_after_filling(
    api: Api, key: str, made: dict[str, Any]
) -> None:
    image = {"asset": {"type": "image", "src": "{{src}}"}, "start": 0, "length": 1}
    edit = {**document(merge=None), "timeline": {"tracks": [{"clips": [image]}]}}
    template = (await api.data("template.create", edit, auth=key))["template"]
    for src in ("file:///etc/passwd", "/etc/passwd", 3):
        body = {"id": template["id"], "merge": {"src": src}}
        assert await api.refused("template.render", body, auth=key) == (422, "validation_failed")
    for merge in (
        {"name": 3},
        {"name": "x" * 41},
        {"nam": "x"},
        [{"find": "name"}],
        {"name": None},
    ):
        body = {"id": made["id"], "merge": merge}
        assert (await api.refused("template.render", body, auth=key))[0] == 422, merge


async def test_template_that_cannot_be_right_is_refused_at_once(api: Api, key: str) -> None:
    wrong = document("x", merge=[{"find": "seconds", "default": "soon"}])
    assert await api.refused("template.create", wrong, auth=key) == (422, "validation_failed")
    for body in ({}, {**document(), "timeline": []}, {**document(), "nam": 1}):
        assert (await api.refused("template.create", body, auth=key))[0] == 422
    assert (await api.data("template.list", auth=key))["templates"] == []


async def test_creating_twice_under_one_key_happens_once(api: Api, key: str) -> None:
    once = {"idempotency-key": "t"}
    answers = [
        await api.call("template.create", document(), auth=key, headers=once) for _ in range(2)
    ]
    assert answers[0].json()["data"] == answers[1].json()["data"]
    assert len((await api.data("template.list", auth=key))["templates"]) == 1


@pytest.mark.parametrize("call", CALLS)
async def test_who_may_call(api: Api, token: str, made: dict[str, Any], call: str) -> None:
    body = {"create": document(), "list": {}}.get(call, {"id": made["id"]})
    assert await api.refused(f"template.{call}", body) == (401, "unauthenticated")
    assert await api.refused(f"template.{call}", body, auth=token) == (403, "wrong_credential")
    poor = await api.key(token, scopes=["render:read", "render:write"])
    assert await api.refused(f"template.{call}", body, auth=poor) == (403, "insufficient_scope")
    stranger = await api.key(await api.account("bob"))
    if "id" in body:
        expected = (404, "not_found")
        assert await api.refused(f"template.{call}", body, auth=stranger) == expected
        assert await api.refused(f"template.{call}", {"id": NOWHERE}, auth=stranger) == expected
        assert (await api.refused(f"template.{call}", {"id": 3}, auth=stranger))[0] == 422
    elif call == "list":
        assert (await api.data("template.list", auth=stranger))["templates"] == []
    rows = await api.audit(token)
    assert (f"template.{call}", "insufficient_scope") in [(r["action"], r["code"]) for r in rows]
