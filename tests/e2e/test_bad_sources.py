"""A render whose source cannot be used fails, says which and why, and harms nobody."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import media
from instances import Client

OUTPUT = {"format": "mp4", "resolution": "preview"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site on loopback with good and bad files."""
    folder = tmp_path_factory.mktemp("site")
    good = media.write_counter_video(folder / "good.mp4", size=(320, 180), frames=30)
    data = good.read_bytes()
    (folder / "cut.mp4").write_bytes(data[: len(data) // 2])
    (folder / "playlist.mp4").write_bytes(b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")
    (folder / "concat.mp4").write_bytes(b"ffconcat version 1.0\nfile good.mp4\n")
    (folder / "page.mp4").write_bytes(b"<!doctype html><title>Log in</title>")
    (folder / "empty.mp4").write_bytes(b"")
    media.write_music(folder / "sound.m4a", 1)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def do_GET(self) -> None:  # the library's name
            if self.path == "/inward":
                self.send_response(302)
                self.send_header("location", "http://169.254.169.254/latest/meta-data/")
                self.end_headers()
            else:
                super().do_GET()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def edit_of(src: str, kind: str = "video") -> dict[str, Any]:
    """One clip."""
    clip = {"asset": {"type": kind, "src": src}, "start": 0, "length": 1}
    return {"timeline": {"tracks": [{"clips": [clip]}]}, "output": OUTPUT}


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("/cut.mp4", "source_unsupported", "damaged or cut off"),
        ("/playlist.mp4", "source_unsupported", "a playlist"),
        ("/concat.mp4", "source_unsupported", "a playlist"),
        ("/page.mp4", "source_unsupported", "a web page"),
        ("/empty.mp4", "source_unsupported", "an empty file"),
        ("/missing.mp4", "source_unreachable", "404"),
        ("/inward", "source_forbidden", "not public"),
        ("http://10.0.0.1/x.mp4", "source_forbidden", "not public"),
        ("http://metadata.google.internal./x.mp4", "source_", "metadata.google.internal"),
        ("asset://ast_00000000000000000000000000", "source_unreachable", "no asset"),
    ],
)
def test_a_bad_source_fails_the_render_with_its_reason(
    client: Client, site: str, name: str, code: str, words: str
) -> None:
    src = site + name if name.startswith("/") else name
    render = client.ended(client.call("render.create", edit_of(src))["render"]["id"])
    if code == "source_":  # a name that does not resolve here is tried again before it fails
        assert render["status"] == "failed"
        return
    assert render["status"] == "failed", render
    assert render["error"]["code"] == code, render["error"]
    assert words in render["error"]["message"], render["error"]
    assert src in render["error"]["message"]
    assert render["error"]["details"][0]["path"] == "/timeline/tracks/0/clips/0/asset/src"


def test_sound_where_a_picture_belongs_is_said(client: Client, site: str) -> None:
    made = client.call("render.create", edit_of(f"{site}/sound.m4a"))
    render = client.ended(made["render"]["id"])
    assert render["error"]["code"] == "edit_invalid"
    assert "has no picture" in render["error"]["details"][0]["message"]


def test_a_clip_may_do_without_its_source_but_not_pass_the_guard(client: Client, site: str) -> None:
    def ended(path: str) -> dict[str, Any]:
        edit = edit_of(site + path)
        edit["timeline"]["tracks"][0]["clips"][0]["onError"] = "placeholder"
        render: dict[str, Any] = client.ended(client.call("render.create", edit)["render"]["id"])
        return render

    render = ended("/missing.mp4")
    assert render["status"] == "done", render
    assert [told["code"] for told in render["warnings"]] == ["source_unreachable"]
    assert ended("/inward")["error"]["code"] == "source_forbidden"


def test_subtitles_are_files_beside_the_output(client: Client, site: str) -> None:
    edit = edit_of(f"{site}/good.mp4")
    edit["timeline"]["tracks"][0]["clips"][0]["caption"] = {"text": "Hello there"}
    edit["output"]["subtitles"] = {"embed": True, "sidecar": ["vtt", "srt"]}
    render = client.ended(client.call("render.create", edit)["render"]["id"])
    assert render["status"] == "done", render
    files = render["output"]["subtitles"]
    assert httpx.get(files["vtt"]).text.startswith("WEBVTT\n\n00:00:00.000 --> ")
    assert httpx.get(files["srt"]).text.startswith("1\n00:00:00,000 --> ")


def test_a_good_render_follows_all_the_bad_ones(client: Client, site: str) -> None:
    made = client.call("render.create", edit_of(f"{site}/good.mp4"))
    assert client.ended(made["render"]["id"])["status"] == "done"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"timeline": ', 400, "invalid_json"),
        (b"[1, 2]", 422, "validation_failed"),
        (b'{"timeline": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "invalid_json"),
        (b'{"timeline": {"tracks": []}, "output": {"format": "mp5"}}', 422, "validation_failed"),
        (b" " * (5 << 20), 413, "payload_too_large"),
    ],
)
def test_a_bad_body_is_told_apart(client: Client, body: bytes, status: int, code: str) -> None:
    answer = client.http.post(
        "/api/v1/render.create",
        content=body,
        headers={"x-api-key": client.key, "content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_ten_thousand_clips_are_refused_at_once(client: Client) -> None:
    clip = {"asset": {"type": "text", "text": "x"}, "start": 0, "length": 1}
    edit = {"timeline": {"tracks": [{"clips": [clip] * 10_000}]}, "output": OUTPUT}
    answer = client.raw("render.create", edit)
    assert answer.status_code == 422
    assert "at most 2000" in answer.json()["error"]["message"]
    assert answer.elapsed.total_seconds() < 5


def test_all_problems_come_at_once(client: Client) -> None:
    clips = [
        {"asset": {"type": "video", "src": "https://x/y.mp4"}, "start": 0, "length": 0},
        {
            "asset": {"type": "text", "text": "x", "font": {"color": "reddish"}},
            "start": 0,
            "length": 1,
        },
    ]
    edit = {"timeline": {"tracks": [{"clips": clips}]}, "output": OUTPUT}
    details = client.raw("render.create", edit).json()["error"]["details"]
    assert {detail["path"] for detail in details} == {
        "/timeline/tracks/0/clips/0/length",
        "/timeline/tracks/0/clips/1/asset/font/color",
    }
    assert Path(details[0]["path"]).name == "length"
