"""render.snapshot, render.explain, template.snapshot: answers for somebody who waits."""

import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from openapi_schema_validator import OAS31Validator

import media
from serving import EMPTY_EDIT, Api, document
from vidgenie.services.renders import preview

OUTPUT = {"format": "mp4", "size": {"width": 320, "height": 180}, "fps": 30}
SHAPE = {"type": "shape", "shape": "rectangle", "fill": {"color": "#ff0000", "opacity": 1}}
SHAPE |= {"rectangle": {"width": 160, "height": 90}}
EDIT = {
    "timeline": {
        "background": "#0000ff",
        "tracks": [{"clips": [{"asset": SHAPE, "start": 1, "length": "{{ seconds }}"}]}],
    },
    "output": OUTPUT,
    "merge": {"seconds": 2},
}


async def picture(api: Api, call: str, body: dict[str, Any], key: str) -> np.ndarray:
    response = await api.call(call, body, auth=key)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == f"image/{body.get('format', 'png')}"
    found = cv2.imdecode(np.frombuffer(response.content, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return found


def is_near(pixel: np.ndarray, bgr: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - bgr).max() <= 4)


async def test_snapshot_is_the_frame_at_a_time(api: Api, token: str, key: str) -> None:
    before = await picture(api, "render.snapshot", {**EDIT, "time": 0.5}, key)
    after = await picture(api, "render.snapshot", {**EDIT, "time": 1.5, "format": "jpeg"}, key)
    end = await picture(api, "render.snapshot", {**EDIT, "time": 3}, key)
    assert before.shape == after.shape == (180, 320, 3)
    assert is_near(before[90, 160], (255, 0, 0))
    assert is_near(after[90, 160], (0, 0, 255))
    assert is_near(end[90, 160], (0, 0, 255))
    assert is_near(after[5, 5], (255, 0, 0))
    rows = await api.audit(token)
    assert [row["action"] for row in rows[:3]] == ["render.snapshot"] * 3


async def test_snapshot_shows_a_frame_of_a_source(api: Api, key: str, tmp_path: Path) -> None:
    clip = media.write_counter_video(tmp_path / "c.mp4", size=(320, 180), frames=60)
    answer = await api.http.post(
        "/api/v1/asset.upload",
        files={"file": ("c.mp4", clip.read_bytes(), "video/mp4")},
        headers={"x-api-key": key},
    )
    src = answer.json()["data"]["asset"]["src"]
    clips = [{"asset": {"type": "video", "src": src}, "start": 0, "length": 2}]
    edit = {"timeline": {"tracks": [{"clips": clips}]}, "output": OUTPUT}
    shown = await picture(api, "render.snapshot", {**edit, "time": 41 / 30}, key)
    assert media.read_counter(cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY)) == 41
    stranger = await api.key(await api.account("bob"))
    refused = await api.refused("render.snapshot", edit, auth=stranger)
    assert refused == (422, "source_unreachable")


@pytest.mark.parametrize("call", ["render.snapshot", "render.explain"])
async def test_who_may_not(api: Api, token: str, call: str) -> None:
    reader = await api.key(token, scopes=["render:read"])
    assert await api.refused(call, EDIT) == (401, "unauthenticated")
    assert await api.refused(call, EDIT, auth=token) == (403, "wrong_credential")
    assert await api.refused(call, EDIT, auth=reader) == (403, "insufficient_scope")


async def test_what_is_wrong_is_told_with_its_place(api: Api, key: str) -> None:
    cases = [
        ({**EDIT, "time": 3.1}, "/time"),
        ({**EDIT, "time": -1}, "/time"),
        ({**EDIT, "time": "soon"}, "/time"),
        ({**EDIT, "format": "gif"}, "/format"),
        ({**EDIT, "merge": {}}, "/timeline/tracks/0/clips/0/length"),
        ({**EDIT, "output": {"format": "mp5"}}, "/output/format"),
        ({**EMPTY_EDIT, "tiem": 1}, "/tiem"),
    ]
    for body, path in cases:
        answer = await api.call("render.snapshot", body, auth=key)
        assert answer.status_code == 422, answer.text
        assert answer.json()["error"]["details"][0]["path"] == path


async def test_template_snapshot_fills_its_fields(api: Api, key: str) -> None:
    body = {"name": "t", **EDIT}
    named = {"id": (await api.data("template.create", body, auth=key))["template"]["id"]}
    values = {**named, "merge": {"seconds": 9}, "time": 8}
    shown = await picture(api, "template.snapshot", values, key)
    assert is_near(shown[90, 160], (0, 0, 255))
    late = {**named, "time": 8}
    assert await api.refused("template.snapshot", late, auth=key) == (422, "validation_failed")
    stranger = await api.key(await api.account("bob"))
    assert await api.refused("template.snapshot", named, auth=stranger) == (404, "not_found")


async def test_plan_says_what_is_made_and_what_is_cached(api: Api, key: str) -> None:
    plan = (await api.data("render.explain", EDIT, auth=key))["plan"]
    assert plan["text"].startswith("plan  90 frames @ 30/1  320×180")
    assert (plan["frames"], plan["duration"], plan["chunks"][0]["is_cached"]) == (90, 3, False)
    spans = [span for chunk in plan["chunks"] for span in chunk["spans"]]
    assert [(s["start"], s["stop"], s["recipe"]) for s in spans] == [
        (0, 30, "hold"),
        (30, 90, "hold"),
    ]
    assert 0 < plan["cost_ahead"] == plan["cost"] < plan["naive_cost"]
    await _keep_all_chunks(api, key)
    again = (await api.data("render.explain", EDIT, auth=key))["plan"]
    assert again["chunks"][0]["is_cached"]
    assert again["cost_ahead"] == 0


async def _keep_all_chunks(api: Api, key: str) -> None:
    """Note the plan's chunks as kept, as a render would."""
    previews = api.context.previews
    (_, prepared), *_ = previews._kept.values()
    async with api.db.transaction() as tx:
        account = await (await tx.execute("SELECT id FROM accounts")).fetchone()
        assert account is not None
        for chunk_key in prepared.keys:
            await tx.execute(
                "INSERT INTO kept_chunks (key, account_id, size, sha256) VALUES (%s, %s, 1, '')",
                (chunk_key, account["id"]),
            )


async def test_a_frame_too_long_in_the_making_is_refused(
    api: Api, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "LIMIT_S", 0.0)
    began = time.monotonic()
    assert await api.refused("render.snapshot", EDIT, auth=key) == (503, "timed_out")
    assert time.monotonic() - began < 5
    monkeypatch.setattr(preview, "WAITING_MAX", 0)
    assert await api.refused("render.snapshot", EDIT, auth=key) == (429, "rate_limited")


def test_snapshot_takes_an_edit_and_its_moment() -> None:
    paths, parts = document()["paths"], document()["components"]
    content = paths["/api/v1/render.snapshot"]["post"]["requestBody"]["content"]
    schema = {**content["application/json"]["schema"], "components": parts}
    judge = OAS31Validator(schema)
    judge.validate({**EMPTY_EDIT, "time": 1})
    assert not judge.is_valid({**EMPTY_EDIT, "time": -1})
    assert not judge.is_valid({**EMPTY_EDIT, "tiem": 1})
