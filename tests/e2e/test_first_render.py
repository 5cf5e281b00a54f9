"""Edit in, video and webhook out: the whole path, read back with PyAV."""

import html
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
from standardwebhooks import Webhook

import media
from instances import Client, Instance, Receiver, wait_for

BLOCK = r"<pre><code>(.*?)</code></pre>"
EMPTY = {
    "timeline": {"tracks": []},
    "output": {"format": "mp4", "resolution": "1080p", "fps": 30},
}


def facts_of(path: Path) -> dict[str, Any]:
    """What a player sees."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        times = [frame.time for frame in container.decode(video=0)]
        context = stream.codec_context
        return {
            "size": (context.width, context.height),
            "rate": stream.average_rate,
            "frames": len(times),
            "times": times,
            "tags": (context.colorspace, context.color_primaries, context.color_trc),
            "range": context.color_range,
            "has_sound": bool(container.streams.audio),
        }


def test_the_landing_pages_lines_work_one_after_the_other(
    instance: Instance, tmp_path: Path
) -> None:
    page = httpx.get(instance.url).text
    blocks = [
        html.unescape(text) for text in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.S)
    ]
    assert instance.url in blocks[0]
    assert '{"timeline": {"tracks": []},\n       "output": {"format": "mp4"' in "\n".join(blocks)
    done = subprocess.run(
        ["sh", "-e"],
        input="\n".join(blocks),
        text=True,
        capture_output=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    facts = facts_of(tmp_path / "first.mp4")
    assert facts["size"] == (1920, 1080)
    assert facts["frames"] == 30
    assert facts["rate"] == 30


def test_an_edit_of_everything_becomes_a_video_and_an_event(
    client: Client, receiver: Receiver, tmp_path: Path
) -> None:
    clip = media.write_counter_video(tmp_path / "clip.mp4", size=(640, 360), frames=90, sound=True)
    picture = media.write_image(tmp_path / "logo.png", (400, 200), alpha=True)
    music = media.write_music(tmp_path / "music.m4a", 4)
    hook = client.call("webhook.create", {"url": receiver.url})["webhook"]
    edit = {
        "timeline": {
            "background": "#203040",
            "soundtrack": {"src": client.upload(music), "effect": "fadeOut", "volume": 0.5},
            "tracks": [
                {"clips": [TITLE]},
                {"clips": [{**LOGO, "asset": {"type": "image", "src": client.upload(picture)}}]},
                {
                    "clips": [
                        {
                            "asset": {"type": "video", "src": client.upload(clip), "trim": 0.5},
                            "start": 0,
                            "length": 2.5,
                        }
                    ]
                },
            ],
        },
        "output": {"format": "mp4", "size": {"width": 640, "height": 360}, "fps": 29.97},
        "metadata": {"order": 42},
        "callback": receiver.url + "/callback",
    }
    made = client.call("render.create", edit)["render"]
    assert made["status"] == "queued"
    assert made["id"].startswith("rnd_")
    render = client.ended(made["id"])
    assert render["status"] == "done", render
    assert render["progress"] == 1
    assert render["metadata"] == {"order": 42}
    assert render["attempts"] == 1

    path = client.download(render["output"]["url"], tmp_path / "video.mp4")
    facts = facts_of(path)
    assert facts["frames"] == 75 == render["output"]["frames"]
    assert facts["size"] == (640, 360)
    assert str(facts["rate"]) == "30000/1001"
    assert np.allclose(facts["times"], [n * 1001 / 30000 for n in range(75)], atol=1e-5)
    assert facts["tags"] == (1, 1, 1)
    assert facts["range"] == 1
    assert facts["has_sound"]
    with av.open(str(path)) as container:
        shown = [media.read_counter(f.to_ndarray(format="gray")) for f in container.decode(video=0)]
    assert shown[:65:10] == [15, 25, 35, 45, 55, 65, 75]  # 29.97 over a source of 30

    def both() -> list[Any] | None:
        found = receiver.of_type("render.done")
        return found if len(found) == 2 else None

    deliveries = wait_for("webhook and callback", both, 30)
    secret = client.call("account.get", key=False)["account"]["callback_secret"]
    good = 0
    for headers, body in deliveries:
        assert body["data"]["render"]["id"] == render["id"]
        assert body["data"]["render"]["output"]["sha256"] == render["output"]["sha256"]
        raw = next(text for sent, text in receiver.received if sent == headers)
        for key in (hook["secret"], secret):
            good += _is_signed(key, raw, headers)
    assert good == 2
    client.call("webhook.delete", {"id": hook["id"]})


def _is_signed(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        Webhook(secret).verify(body.decode(), headers)
    except Exception:
        return False
    return True


TITLE = {
    "asset": {"type": "text", "text": "Hello", "font": {"size": "36", "color": "#ffffff"}},
    "start": 0.5,
    "length": 2,
    "offset": {"x": [{"from": -0.2, "to": 0.2, "start": 0, "length": 2}], "y": -0.3},
    "transition": {"in": "fade", "out": "fadeFast"},
}
LOGO = {
    "start": 0,
    "length": "end",
    "fit": "contain",
    "scale": 0.2,
    "position": "bottomRight",
    "opacity": 0.8,
}


def test_downloads_answer_ranges_and_expire(client: Client) -> None:
    render = client.ended(client.call("render.create", EMPTY)["render"]["id"])
    url = render["output"]["url"]
    whole = client.http.get(url).content
    part = client.http.get(url, headers={"range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.content == whole[10:20]
    assert client.http.get(url.replace("sig=", "sig=x")).status_code == 403


def test_merge_fields_are_filled_and_missing_ones_named(client: Client) -> None:
    text = {"type": "text", "text": "Hi {{ NAME }}"}
    edit = {
        "timeline": {"tracks": [{"clips": [{"asset": text, "start": 0, "length": "{{ S }}"}]}]},
        "output": {"format": "mp4", "resolution": "preview"},
    }
    answer = client.raw("render.create", edit)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "missing_merge_fields"
    paths = [detail["path"] for detail in answer.json()["error"]["details"]]
    assert paths == [
        "/timeline/tracks/0/clips/0/asset/text",
        "/timeline/tracks/0/clips/0/length",
    ]
    values = [{"find": "NAME", "replace": "Ada"}, {"find": "S", "replace": 0.4}]
    render = client.ended(client.call("render.create", {**edit, "merge": values})["render"]["id"])
    assert render["output"]["frames"] == 6


def test_the_same_key_and_body_make_one_render(client: Client) -> None:
    headers = {"x-api-key": client.key, "idempotency-key": "e2e-1"}
    answers = [
        client.http.post("/api/v1/render.create", json=EMPTY, headers=headers).json()
        for _ in range(2)
    ]
    assert answers[0]["data"] == answers[1]["data"]


def test_what_was_rendered_before_is_reused_by_the_next_render(client: Client) -> None:
    text = {"type": "text", "width": 160, "height": 90}

    def rendered(name: str) -> dict[str, Any]:
        clips = [
            {"asset": {**text, "text": "The same"}, "start": 0, "length": 6},
            {"asset": {**text, "text": name}, "start": 6, "length": 6},
        ]
        edit = {
            "timeline": {"tracks": [{"clips": clips}]},
            "output": {"format": "mp4", "size": {"width": 160, "height": 90}, "fps": 30},
        }
        render = client.ended(client.call("render.create", edit)["render"]["id"])
        assert render["status"] == "done", render
        return render

    cold, again, variant = rendered("Ada"), rendered("Ada"), rendered("Grace")
    assert (cold["cache"]["chunks_made"], cold["cache"]["frames_encoded"]) == (2, 120)
    assert (again["cache"]["chunks_made"], again["cache"]["frames_reused"]) == (0, 360)
    assert again["output"]["sha256"] == cold["output"]["sha256"]
    assert variant["cache"]["chunks_made"] == variant["cache"]["chunks_reused"] == 1
    assert variant["output"]["sha256"] != cold["output"]["sha256"]


def test_renditions_are_files_of_the_same_render(client: Client, tmp_path: Path) -> None:
    text = {"type": "text", "text": "Wide", "width": 160, "height": 90}
    edit = {
        "timeline": {"tracks": [{"clips": [{"asset": text, "start": 0, "length": 1}]}]},
        "output": {
            "format": "mp4",
            "size": {"width": 320, "height": 180},
            "fps": 30,
            "renditions": [
                {"name": "small", "size": {"height": 90}},
                {"name": "still", "format": "png"},
            ],
            "hls": True,
        },
    }
    render = client.ended(client.call("render.create", edit)["render"]["id"])
    assert render["status"] == "done", render
    small, still = render["output"]["renditions"]
    assert (small["name"], small["width"], small["height"], small["frames"]) == (
        "small", 160, 90, 30,
    )  # fmt: skip
    assert (still["name"], still["format"], still["frames"]) == ("still", "png", 1)
    assert not {"key"} & (small.keys() | still.keys())
    path = tmp_path / "small.mp4"
    path.write_bytes(httpx.get(small["url"]).raise_for_status().content)
    assert facts_of(path)["size"] == (160, 90)
    assert facts_of(path)["frames"] == 30
    assert httpx.get(still["url"]).content.startswith(b"\x89PNG")
    master = httpx.get(render["output"]["hls_url"])
    assert master.headers["content-type"] == "application/vnd.apple.mpegurl"
    inner = [line for line in master.text.splitlines() if line[0] != "#"]
    assert [name.partition("?")[0] for name in inner] == ["main.m3u8", "small.m3u8"]
    playlist = httpx.get(str(master.url.join(inner[1])))
    entry = next(line for line in playlist.text.splitlines() if line[0] != "#")
    assert f'URI="{entry}"' in playlist.text
    got = httpx.get(str(playlist.url.join(entry)), headers={"range": "bytes=0-7"})
    assert (got.status_code, got.content[4:]) == (206, b"ftyp")
    assert httpx.get(str(playlist.url.join("main.mp4"))).status_code == 403
