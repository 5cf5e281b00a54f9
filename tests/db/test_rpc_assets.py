"""asset.*: uploads, judged by content and limited before they fill a disk."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from serving import Api, serving
from vidgenie.edges.rpc.methods.asset import FORM_OVERHEAD
from vidgenie.services.db.ids import is_id
from vidgenie.services.db.pool import Database

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
