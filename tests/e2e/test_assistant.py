"""The assistant's tools as its program meets them: the package's own client, over stdio."""

import json
import sys
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import ImageContent, TextContent

import media
from instances import clean_environment
from vidgenie.core.edit.parse import parse
from vidgenie.edges.mcp import knowledge

TEXT = {"type": "text", "text": "{{ words }}", "width": 300, "height": 100}
EDIT: dict[str, Any] = {
    "timeline": {
        "background": "#ff0000",
        "tracks": [{"clips": [{"asset": TEXT, "start": 0, "length": 2}]}],
    },
    "output": {"format": "mp4", "size": {"width": 320, "height": 180}, "fps": 30},
}


@asynccontextmanager
async def assistant(folder: Path) -> AsyncIterator[Client]:
    """Start the server as an assistant's program does."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "vidgenie", "mcp", "--folder", str(folder)],
        env={**clean_environment(), "XDG_CACHE_HOME": str(folder / "cache")},
    )
    async with Client(server, read_timeout_seconds=120) as client:
        yield client


async def said(client: Client, tool: str, **arguments: Any) -> Any:
    """Call a tool that must succeed; return its JSON, or its text."""
    answer = await client.call_tool(tool, arguments)
    words = answer.content[-1]
    assert isinstance(words, TextContent)
    assert not answer.is_error, words.text
    try:
        return json.loads(words.text)
    except ValueError:
        return words.text


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """Call a tool that must fail; return its words."""
    answer = await client.call_tool(tool, arguments)
    assert answer.is_error
    words = answer.content[0]
    assert isinstance(words, TextContent)
    return words.text


async def test_from_words_to_a_video(tmp_path: Path) -> None:
    told: list[tuple[float, float | None]] = []

    async def progress(done: float, total: float | None, _: str | None) -> None:
        told.append((done, total))

    async with assistant(tmp_path) as client:
        assert "preview_frame" in (client.instructions or "")
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {
            "primer", "fonts", "describe", "validate", "explain", "preview_frame", "render"
        }  # fmt: skip
        assert all(len(tool.description or "") > 60 for tool in tools.values())
        assert (await said(client, "validate", edit=EDIT))["problems"][0]["code"]
        assert await said(client, "validate", edit=EDIT, merge={"words": "Hi"}) == {
            "valid": True, "problems": []
        }  # fmt: skip
        plan = await said(client, "explain", edit=EDIT, merge={"words": "Hi"})
        assert plan.startswith("plan  60 frames @ 30/1  320×180")
        looked = await client.call_tool(
            "preview_frame", {"edit": EDIT, "merge": {"words": ""}, "time": 1, "width": 160}
        )
        picture, words = looked.content
        assert isinstance(picture, ImageContent)
        assert isinstance(words, TextContent)
        assert words.text.startswith("frame 30 of 60 (2 s), output 320×180")
        pixels = cv2.imdecode(np.frombuffer(b64decode(picture.data), np.uint8), cv2.IMREAD_COLOR)
        assert pixels is not None
        assert pixels.shape == (90, 160, 3)
        assert np.abs(pixels[45, 80].astype(int) - (0, 0, 255)).max() < 8
        made = await client.call_tool(
            "render", {"edit": EDIT, "merge": {"words": "Hi"}, "name": "out/hi.mp4"},
            progress_callback=progress,
        )  # fmt: skip
        figures = made.structured_content
        assert figures is not None
        assert figures["path"] == str(tmp_path / "out" / "hi.mp4")
        assert "take another name" in await refused(
            client, "render", edit=EDIT, merge={"words": "Hi"}, name="out/hi.mp4"
        )
    assert figures["frames"] == 60
    assert told
    assert told[-1] == (60, 60)
    with av.open(figures["path"]) as container:
        assert sum(1 for _ in container.decode(video=0)) == 60


async def test_nothing_outside_of_the_folder_is_read_or_written(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    media.write_image(tmp_path / "secret.png", (64, 64))
    media.write_image(folder / "mine.png", (64, 64))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "edit.json").write_text(json.dumps(_showing("mine.png")))
    secret = tmp_path / "secret.png"
    async with assistant(folder) as client:
        assert "plan" in await said(client, "explain", edit="edit.json")
        for src in ("../secret.png", str(secret), f"file://{secret}", "link.png"):
            assert "source_forbidden" in await refused(client, "explain", edit=_showing(src))
        assert "not within" in await refused(client, "explain", edit="../edit.json")
        assert "not within" in await refused(client, "render", edit="edit.json", name="../out.mp4")
        assert "not public" in await refused(
            client, "explain", edit=_showing("http://169.254.169.254/latest/x.png")
        )
    assert not (tmp_path / "out.mp4").exists()


def _showing(src: str) -> dict[str, Any]:
    clip = {"asset": {"type": "image", "src": src}, "start": 0, "length": 1}
    return {"timeline": {"tracks": [{"clips": [clip]}]}, "output": EDIT["output"]}


async def test_what_an_assistant_reads_up_on(tmp_path: Path) -> None:
    async with assistant(tmp_path) as client:
        found = {str(entry.uri) for entry in (await client.list_resources()).resources}
        assert found == {"vidgenie://primer", "vidgenie://schema", "vidgenie://fonts"}
        page = (await client.read_resource("vidgenie://schema")).contents[0]
        assert "$defs" in json.loads(page.text)  # type: ignore[union-attr]
        assert "Montserrat" in (await said(client, "fonts"))["families"]
        clip = await said(client, "describe", part="Clip")
        assert {"Clip", "Transition"} <= set(clip)
        assert "did you mean TextAsset" in await refused(client, "describe", part="TextAset")
        wrong = {**EDIT, "timeline": {"tracks": [], "backgroud": "#000"}}
        problems = (await said(client, "validate", edit=wrong))["problems"]
        assert problems[0]["path"] == "/timeline/backgroud"
        assert "did you mean `background`" in problems[0]["message"]


def test_the_primers_example_is_valid_and_short() -> None:
    page = knowledge.primer()
    example = page.split("```json")[1].split("```")[0]
    parse(json.loads(example), allow_local=True)
    assert len(page) < 4500


def test_a_part_comes_with_its_small_parts() -> None:
    assert {"TextAsset", "TextFont"} <= set(json.loads(knowledge.describe("TextAsset")))
    clip = knowledge.describe("Clip")
    assert "VideoAsset" not in json.loads(clip)
    assert len(clip) < 20_000
    with pytest.raises(Exception, match="Parts: AudioAsset"):
        knowledge.describe("nothing")
