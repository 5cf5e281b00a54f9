"""The Python client against a running instance, and the example of its guide as it is printed."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

import media
from instances import Client as Account
from instances import Instance, Receiver, wait_for
from vidgenie.client import ApiError, AsyncClient, Client, verify_webhook
from vidgenie.client.models import Render

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "python-client.md"
OUTPUT = {"format": "mp4", "size": {"width": 320, "height": 180}, "fps": 30}


def edit_of(asset: dict[str, Any], **more: Any) -> dict[str, Any]:
    clip = {"asset": asset, "start": 0, "length": 1}
    return {"timeline": {"tracks": [{"clips": [clip]}]}, "output": OUTPUT, **more}


def test_from_a_file_to_a_video_and_a_genuine_webhook(
    instance: Instance, client: Account, receiver: Receiver, tmp_path: Path
) -> None:
    clip = media.write_counter_video(tmp_path / "clip.mp4", size=(320, 180), frames=40)
    seen: list[Render] = []
    with Client(instance.url, client.key) as api:
        hook = api.create_webhook(receiver.url, ["render.done"])
        asset = api.upload(clip)
        assert api.get_asset(asset["id"])["src"] == asset["src"]
        edit = edit_of({"type": "video", "src": asset["src"]}, metadata={"order": 7})
        assert (api.explain(edit)["frames"], api.explain(edit)["fps"]) == (30, 30)
        picture = cv2.imdecode(np.frombuffer(api.snapshot(edit, 0.5), np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert media.read_counter(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)) == 15
        done = api.render_and_wait(edit, on_progress=seen.append, timeout_s=90)
        path = api.download(done, tmp_path / "out.mp4")
        again = api.download(done["id"], tmp_path / "again.mp4")
        assert done["id"] in [render["id"] for render in api.list_renders("done")]
        spare = api.create_render(edit)
        api.delete_render(api.wait(spare)["id"])
        assert spare["id"] not in [render["id"] for render in api.list_renders()]
        wait_for("the webhook", lambda: receiver.of_type("render.done"))
        headers, body = receiver.received[0]
        event = verify_webhook(body, headers, str(hook["secret"]))
        assert event.data["render"]["id"] == done["id"]
        api.delete_webhook(hook["id"])
        assert hook["id"] not in [held["id"] for held in api.list_webhooks()]
    assert [render["progress"] for render in seen] == sorted(r["progress"] for r in seen)
    assert path.read_bytes() == again.read_bytes()
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30


def test_templates_batches_and_once_only(instance: Instance, client: Account) -> None:
    text = {"type": "text", "text": "{{ name }}", "width": 300, "height": 100}
    with Client(instance.url, client.key) as api:
        template = api.create_template("hello", edit_of(text))
        renamed = api.update_template(template["id"], name="hello again")
        assert (renamed["name"], renamed["version"]) == ("hello again", 1)
        first = api.render_template(template["id"], {"name": "Ada"}, idempotency_key="once")
        second = api.render_template(template["id"], {"name": "Ada"}, idempotency_key="once")
        assert first["id"] == second["id"]
        assert api.wait(first, timeout_s=90)["template_version"] == 1
        batch = api.render_batch(template["id"], [{"merge": {"name": n}} for n in "ab"])
        wait_for("the batch", lambda: api.get_batch(batch["id"])["status"] == "done")
        assert api.get_batch(batch["id"])["counts"]["done"] == 2
        assert template["id"] in [held["id"] for held in api.list_templates()]
        api.delete_template(template["id"])
        with pytest.raises(ApiError) as told:
            api.get_template(template["id"])
    assert (told.value.code, told.value.status) == ("not_found", 404)
    with Client(instance.url, access_token=client.token) as own:
        assert own.call("account.get")["account"]["username"] == client.username


def test_the_async_client_does_the_same(
    instance: Instance, client: Account, tmp_path: Path
) -> None:
    clip = media.write_counter_video(tmp_path / "clip.mp4", size=(320, 180), frames=40)

    async def made() -> None:
        async with AsyncClient(instance.url, client.key) as api:
            asset = await api.upload(clip)
            edit = edit_of({"type": "video", "src": asset["src"]})
            first, second = await asyncio.gather(api.render_and_wait(edit), api.create_render(edit))
            assert (await api.wait(second))["status"] == "done"
            await api.download(first, tmp_path / "out.mp4")
            found = [render["id"] async for render in api.list_renders()]
            assert {first["id"], second["id"]} <= set(found)
            wrong = edit_of({"type": "text", "text": "x", "font": {"color": "reddish"}})
            with pytest.raises(ApiError, match="validation_failed") as told:
                await api.render_and_wait(wrong)
            path = told.value.details[0].path
            assert path == "/timeline/tracks/0/clips/0/asset/font/color"

    asyncio.run(made())
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30


def test_the_guides_example_runs_as_it_stands(
    instance: Instance, client: Account, tmp_path: Path
) -> None:
    example = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]
    (tmp_path / "make.py").write_text(example)
    done = subprocess.run(
        [sys.executable, "make.py"],
        cwd=tmp_path,
        env={**os.environ, "VIDEO_API": instance.url, "VIDEO_API_KEY": client.key},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with av.open(str(tmp_path / "hello.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 90
