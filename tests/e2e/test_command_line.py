"""The command line as a user types it: answers, errors, exit codes."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

import media
from instances import clean_environment

CACHE = tempfile.TemporaryDirectory(prefix="vidgenie-test-cache-")
"""The user's own cache is left alone."""

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "0001-title-card" / "edit.json"


def vidgenie(*arguments: object, given: str | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "vidgenie", *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**clean_environment(), "XDG_CACHE_HOME": CACHE.name},
    )


@pytest.fixture
def edit(tmp_path: Path) -> Path:
    """An edit whose sources are named by URL and by file."""
    media.write_counter_video(tmp_path / "clip.mp4", size=(320, 180), frames=40)
    media.write_image(tmp_path / "logo.png", (100, 50))
    clips = [
        {"asset": {"type": "image", "src": "logo.png"}, "start": 0, "length": 1, "scale": 0.2},
        {
            "asset": {"type": "video", "src": "https://media.example/{{ NAME }}.mp4"},
            "start": 0,
            "length": 1,
        },
    ]
    document: dict[str, Any] = {
        "timeline": {"tracks": [{"clips": [clip]} for clip in clips]},
        "output": {"format": "mp4", "size": {"width": 320, "height": 180}, "fps": 30},
    }
    path = tmp_path / "edit.json"
    path.write_text(json.dumps(document))
    (tmp_path / "map.json").write_text(json.dumps({"https://media.example/*.mp4": "clip.mp4"}))
    return path


def test_render_writes_the_video_and_the_figures(edit: Path, tmp_path: Path) -> None:
    out, stats = tmp_path / "out.mp4", tmp_path / "stats.json"
    done = vidgenie(
        "render", edit, "-o", out, "--merge", "NAME=clip", "--sources", tmp_path / "map.json",
        "--stats", stats, "--workers", 2,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "30 frames" in done.stderr
    figures = json.loads(stats.read_text())
    assert figures["frames"] == figures["frames_encoded"] == 30
    assert figures["frames_by_recipe"] == {"box": 30}
    with av.open(str(out)) as container:
        shown = [media.read_counter(f.to_ndarray(format="gray")) for f in container.decode(video=0)]
    assert shown == list(range(30))
    assert not list(tmp_path.glob(".*.part"))


def test_a_still_is_encoded_once_and_repeated(tmp_path: Path) -> None:
    text = {"type": "text", "text": "Still", "width": 160, "height": 90}
    document = {
        "timeline": {"tracks": [{"clips": [{"asset": text, "start": 0, "length": 20.5}]}]},
        "output": {"format": "mp4", "size": {"width": 160, "height": 90}, "fps": 30},
    }
    out, stats = tmp_path / "still.mp4", tmp_path / "stats.json"
    done = vidgenie("render", "-", "-o", out, "--stats", stats, given=json.dumps(document))
    assert done.returncode == 0, done.stderr
    figures = json.loads(stats.read_text())
    assert figures["frames"] == 615
    assert figures["frames_encoded"] == 60 + 15  # one GOP ten times, and the rest
    assert figures["frames_reused"] == 540
    with av.open(str(out), options={"err_detect": "explode"}) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([n / 30 for n in range(615)], abs=1e-4)


def test_what_was_rendered_before_is_reused_and_the_same(tmp_path: Path) -> None:
    text = {"type": "text", "text": "{{ name }}", "width": 160, "height": 90}
    clips = [{"asset": {**text, "text": "Same"}, "start": 0, "length": 6}]
    clips.append({"asset": text, "start": 6, "length": 6})
    document = {
        "timeline": {"tracks": [{"clips": clips}]},
        "output": {"format": "mp4", "size": {"width": 160, "height": 90}, "fps": 30},
    }

    def rendered(name: str, *options: str) -> tuple[dict[str, Any], bytes]:
        out, stats = tmp_path / "out.mp4", tmp_path / "stats.json"
        arguments = ("-o", out, "--stats", stats, "--merge", f"name={name}", *options)
        done = vidgenie(
            "render", "-", *arguments, "--cache", tmp_path / "kept", given=json.dumps(document)
        )
        assert done.returncode == 0, done.stderr
        return json.loads(stats.read_text()), out.read_bytes()

    cold, first = rendered("Ada")
    assert (cold["chunks_from_cache"], cold["frames_encoded"]) == (
        0,
        60 + 60,
    )  # a GOP of each title
    warm, again = rendered("Ada")
    assert (warm["chunks_made"], warm["frames_encoded"], again) == (0, 0, first)
    variant, other = rendered("Grace")
    assert (variant["frames_encoded"], variant["chunks_from_cache"]) == (60, 1)
    assert other == rendered("Grace", "--no-cache")[1] != first


def test_frame_explain_and_validate_agree_on_the_example(tmp_path: Path) -> None:
    png = tmp_path / "frame.png"
    assert vidgenie("frame", EXAMPLE, "--time", "1.5", "-o", png).returncode == 0
    held = cv2.imread(str(EXAMPLE.parent / "frames" / "0045.png"))  # packed tighter than ours
    assert np.array_equal(cv2.imread(str(png)), held)
    assert vidgenie("explain", EXAMPLE).stdout == (EXAMPLE.parent / "plan.txt").read_text()
    assert vidgenie("validate", "-", given=EXAMPLE.read_text()).stdout == "the edit is valid\n"


def test_a_missing_source_is_told_with_its_place(edit: Path, tmp_path: Path) -> None:
    (tmp_path / "logo.png").unlink()
    done = vidgenie(
        "render", edit, "-o", tmp_path / "x.mp4", "--merge", "NAME=clip",
        "--sources", tmp_path / "map.json",
    )  # fmt: skip
    assert done.returncode == 1
    assert "logo.png: there is no file" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_problem_of_an_edit_is_told(tmp_path: Path) -> None:
    bad = {"timeline": {"tracks": [], "backgroud": "#000"}, "output": {"format": "mp4"}}
    done = vidgenie("validate", "-", given=json.dumps(bad))
    assert done.returncode == 1
    assert "/timeline/backgroud: " in done.stderr
    assert "did you mean `background`" in done.stderr
    two = {
        "timeline": {"tracks": [], "backgroud": "#000"},
        "output": {"format": "mp5", "resolution": "sd"},
    }
    said = vidgenie("explain", "-", given=json.dumps(two)).stderr
    assert said.startswith("vidgenie: The edit has 2 problems\n")
    assert said.count("did you mean `background`") == 1, "each problem is told once"
    told = json.loads(vidgenie("validate", "-", "--json", given=json.dumps(bad)).stdout)
    assert told["ok"] is False
    assert told["problems"][0]["path"] == "/timeline/backgroud"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["validate", "nowhere.json"], 1, "There is no file nowhere.json"),
        (["rendr"], 2, "No such command"),
        (["render", "x.json"], 2, "--output"),
        (["up", "--access-token-ttl", "soon"], 1, "--access-token-ttl"),
        (["mail", "list", "--data-dir", "/nonexistent/instance"], 1, "No instance runs"),
        (["probe", "nowhere.mp4"], 1, "There is no file"),
    ],
)
def test_mistakes_are_told_without_a_traceback(arguments: list[str], code: int, words: str) -> None:
    done = vidgenie(*arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_plan_is_told_to_machines() -> None:
    edit = {
        "timeline": {"tracks": [], "duration": 2},
        "output": {"format": "mp4", "resolution": "sd", "fps": 25},
    }
    told = json.loads(vidgenie("explain", "-", "--json", given=json.dumps(edit)).stdout)
    assert told["frames"] == 50
    assert told["chunks"][0]["spans"][0]["recipe"] == "hold"


def test_doctor_finds_this_machine_well() -> None:
    done = vidgenie("doctor", "--port", "0")
    assert done.returncode == 0, done.stdout
    assert "✓ postgres" in done.stdout
    assert "sandbox limits" in done.stdout


def test_help_teaches() -> None:
    for command in ("render", "frame", "explain", "validate", "probe", "up", "worker"):
        done = vidgenie(command, "--help")
        assert done.returncode == 0
        assert "Example" in done.stdout, command
