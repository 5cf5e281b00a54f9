"""asset.*: uploads, judged by content and limited before they fill a disk."""

import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from queueing import take
from serving import Api, render_tools, serving
from vidgenie.edges.rpc.methods.asset import FORM_OVERHEAD
from vidgenie.services.db.ids import is_id
from vidgenie.services.db.pool import Database
from vidgenie.services.renders.thumbnail import make_thumbnail

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
SIZE_MAX = 100_000


@pytest.fixture
async def api(db: Database, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving(db, tmp_path, upload_bytes_max=SIZE_MAX) as made:
        yield made
    assert os.listdir(tmp_path) == [], "temporary files are removed"


@pytest.fixture
async def token(api: Api) -> str:
    return await api.account("ada")


@pytest.fixture
async def key(api: Api, token: str) -> str:
    return await api.key(token)


async def upload(api: Api, key: str, content: bytes, field: str = "file") -> httpx.Response:
    return await api.http.post(
        "/api/v1/asset.upload",
        files={field: ("../cat.png", content, "video/mp4")},
        headers={"x-api-key": key},
    )


async def test_upload_is_judged_by_its_content(api: Api, key: str) -> None:
    response = await upload(api, key, PNG)
    assert response.status_code == 200, response.text
    asset = response.json()["data"]["asset"]
    assert is_id(asset["id"], "ast")
    assert asset["src"] == f"asset://{asset['id']}"
    assert (asset["kind"], asset["content_type"], asset["size"]) == ("image", "image/png", len(PNG))
    assert "/" not in asset["filename"]
    got = await api.data("asset.get", {"id": asset["id"]}, auth=key)
    assert got["asset"] == asset


async def test_same_content_is_one_asset(api: Api, key: str) -> None:
    ids = {(await upload(api, key, PNG)).json()["data"]["asset"]["id"] for _ in range(2)}
    assert len(ids) == 1


@pytest.mark.parametrize(
    "content", [b"", b"#EXTM3U\n#EXTINF:1,\na.ts\n", b"ffconcat version 1.0\n", b"<html></html>"]
)
async def test_what_is_no_medium_is_refused(api: Api, key: str, content: bytes) -> None:
    response = await upload(api, key, content)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "source_unsupported"


async def test_upload_that_is_too_large_is_refused(api: Api, key: str) -> None:
    response = await upload(api, key, PNG + b"\0" * SIZE_MAX)
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "payload_too_large"


async def test_upload_without_a_length_stops_at_the_limit(api: Api, key: str) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(100):
            sent += SIZE_MAX
            yield b"\0" * SIZE_MAX
        yield b"\r\n--x--\r\n"

    response = await api.http.post(
        "/api/v1/asset.upload",
        content=body(),
        headers={"x-api-key": key, "content-type": "multipart/form-data; boundary=x"},
    )
    assert response.status_code == 413
    assert sent <= 3 * SIZE_MAX + FORM_OVERHEAD


async def test_file_belongs_in_its_field(api: Api, key: str) -> None:
    response = await upload(api, key, PNG, field="flie")
    assert response.status_code == 422
    assert response.json()["error"]["details"][0]["path"] == "/file"


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 415),
        ("image/png", 415),
        ("multipart/form-data", 422),
        ("multipart/form-data; boundary=y", 422),
    ],
)
async def test_body_that_is_no_form(api: Api, key: str, content_type: str, status: int) -> None:
    headers = {"x-api-key": key, "content-type": content_type}
    response = await api.http.post("/api/v1/asset.upload", content=PNG, headers=headers)
    assert response.status_code == status, response.text


async def test_another_accounts_asset_is_not_told_to_exist(api: Api, key: str) -> None:
    asset = (await upload(api, key, PNG)).json()["data"]["asset"]
    other = await api.key(await api.account("bob"))
    assert await api.refused("asset.get", {"id": asset["id"]}, auth=other) == (404, "not_found")


async def test_uploads_leave_one_row_each(api: Api, token: str, key: str) -> None:
    good = await upload(api, key, PNG)
    await upload(api, key, b"text")
    rows = (await api.audit(token))[:2]
    assert [(row["action"], row["status"]) for row in rows] == [
        ("asset.upload", 422),
        ("asset.upload", 200),
    ]
    assert rows[1]["object_id"] == good.json()["data"]["asset"]["id"]
    assert (await api.audit(token))[2]["action"] == "apikey.create"


async def test_upload_needs_its_scope(api: Api, token: str) -> None:
    reader = await api.key(token, scopes=["asset:read"])
    response = await upload(api, reader, PNG)
    assert response.json()["error"]["code"] == "insufficient_scope"


async def test_list_and_delete(api: Api, token: str, key: str) -> None:
    ids = [(await upload(api, key, PNG + bytes([n]))).json()["data"]["asset"]["id"] for n in (1, 2)]
    listed = (await api.data("asset.list", {"limit": 1}, auth=key)) | {}
    assert ([one["id"] for one in listed["assets"]], listed["next_cursor"]) == ([ids[1]], ids[1])
    stranger = await api.key(await api.account("bob"))
    reader = await api.key(token, scopes=["asset:read"])
    named = {"id": ids[0]}
    assert (await api.data("asset.list", auth=stranger))["assets"] == []
    for call in ("asset.delete", "asset.probe"):
        assert await api.refused(call, named) == (401, "unauthenticated")
        assert await api.refused(call, named, auth=token) == (403, "wrong_credential")
        assert await api.refused(call, named, auth=stranger) == (404, "not_found")
    assert await api.refused("asset.delete", named, auth=reader) == (403, "insufficient_scope")
    await api.data("asset.delete", named, auth=key)
    assert await api.refused("asset.get", named, auth=reader) == (404, "not_found")
    kept = [held.key async for held in api.context.storage.list("assets")]
    assert len(kept) == 1


async def test_probe_tells_what_a_file_holds(api: Api, key: str) -> None:
    picture = cv2.imencode(".png", np.zeros((30, 40, 4), np.uint8))[1].tobytes()
    asset = (await upload(api, key, picture)).json()["data"]["asset"]
    found = (await api.data("asset.probe", {"id": asset["id"]}, auth=key))["probe"]
    shown = found["video"]
    assert (found["is_image"], found["duration"], found["audio"]) == (True, None, None)
    assert (shown["width"], shown["height"], shown["has_alpha"]) == (40, 30, True)
    damaged = (await upload(api, key, PNG)).json()["data"]["asset"]
    refused = await api.refused("asset.probe", {"id": damaged["id"]}, auth=key)
    assert refused == (422, "source_unsupported")


async def test_a_signed_address_takes_a_file(api: Api, token: str, key: str) -> None:
    reader = await api.key(token, scopes=["asset:read"])
    assert await api.refused("asset.upload_url", auth=reader) == (403, "insufficient_scope")
    made = (await api.data("asset.upload_url", {"filename": "cat é.png"}, auth=key))["upload"]
    assert made["url"].startswith("https://video.example/uploads/acc_")
    path = made["url"].removeprefix("https://video.example")
    sent = await api.http.put(path, content=PNG)
    assert sent.status_code == 200, sent.text
    asset = sent.json()["data"]["asset"]
    assert asset["filename"] == "cat é.png"
    assert (await api.data("asset.get", {"id": asset["id"]}, auth=key))["asset"] == asset
    assert (await api.http.put(path, content=b"text")).status_code == 422
    assert (await api.http.put(path, content=PNG + b"\0" * SIZE_MAX)).status_code == 413
    for changed in (path.replace("sig=", "sig=x"), path.replace("exp=", "exp=9"), path[:60]):
        assert (await api.http.put(changed, content=PNG)).status_code == 403
    assert (await api.http.get(path)).status_code == 405


async def thumbnail_of(api: Api, key: str, content: bytes, folder: Path) -> np.ndarray | None:
    """Upload a file and do the job that pictures it."""
    asset = (await upload(api, key, content)).json()["data"]["asset"]
    assert asset["thumbnail_url"] is None
    tools = render_tools(api.db, api.context.storage, folder)
    tools.work_dir.mkdir(exist_ok=True, parents=True)
    job = await take(api.db, queues=["upkeep"])
    if job is None:
        return None
    await make_thumbnail(tools, job, threading.Event())
    got = (await api.data("asset.get", {"id": asset["id"]}, auth=key))["asset"]
    assert got["thumbnail_url"].startswith("https://video.example/files/assets/")
    kept = [held.key async for held in api.context.storage.list("assets")]
    target = tools.work_dir / "got.jpg"
    await api.context.storage.get_file(next(k for k in kept if k.endswith("-thumb.jpg")), target)
    (await api.data("asset.delete", {"id": asset["id"]}, auth=key))
    assert [held.key async for held in api.context.storage.list("assets")] == []
    pixels: np.ndarray = cv2.imdecode(np.frombuffer(target.read_bytes(), np.uint8), 1)
    return pixels


async def test_an_image_gets_a_small_picture(api: Api, key: str, tmp_path: Path) -> None:
    wide = np.zeros((300, 900, 4), np.uint8)
    wide[:, 450:] = (0, 0, 255, 255)  # red on the right, see-through on the left
    content = cv2.imencode(".png", wide)[1].tobytes()
    picture = await thumbnail_of(api, key, content, tmp_path)
    assert picture is not None
    assert picture.shape == (106, 320, 3)
    assert np.abs(picture[50, 80].astype(int) - 255).max() < 6
    assert np.abs(picture[50, 240].astype(int) - (0, 0, 255)).max() < 12


async def test_a_font_or_sound_has_no_picture(api: Api, key: str, tmp_path: Path) -> None:
    sound = b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + b"\0" * 60
    assert await thumbnail_of(api, key, sound, tmp_path) is None
