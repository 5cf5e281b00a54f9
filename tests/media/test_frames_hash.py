"""`frames_sha256`: what a file shows as one number, the same however it was made."""

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

import media
from vidgenie.engine.kept import KeptChunks
from vidgenie.services.local import render as local

SIZE = {"width": 96, "height": 64}


def edit(form: str, **output: Any) -> dict[str, Any]:
    """A video under a moving half-transparent box, then a long still: a chunk that is repeated."""
    box = {"type": "shape", "shape": "rectangle", "rectangle": {"width": 40, "height": 30}}
    box["fill"] = {"color": "#ff2000", "opacity": 0.5}
    moving = {"asset": box, "start": 0, "length": 1, "offset": {"x": [_tween(-0.3, 0.3)]}}
    clips = [moving, {"asset": box, "start": 1.2, "length": 8}]
    film = {"asset": {"type": "video", "src": "film.mp4"}, "start": 0, "length": 1.2}
    behind = "#00000000" if form in ("webm", "mov") else "#204060"
    return {
        "timeline": {"background": behind, "tracks": [{"clips": clips}, {"clips": [film]}]},
        "output": {"format": form, "size": SIZE, "fps": 25, **output},
    }


def _tween(start: float, stop: float) -> dict[str, Any]:
    return {"from": start, "to": stop, "start": 0, "length": 1, "interpolation": "linear"}


def rendered(
    folder: Path, document: dict[str, Any], name: str, *, workers: int = 1, kept: Path | None = None
) -> tuple[Path, dict[str, Any]]:
    film = folder / "film.mp4"
    if not film.exists():
        media.write_counter_video(film, size=(96, 64), rate=25, frames=40)
    target = folder / f"{name}.{document['output']['format']}"
    cache = KeptChunks(kept, size_max=1 << 30) if kept is not None else None
    job = local.load(document, folder)
    done = local.render(
        job, target, workers=workers, kept=cache, note=lambda *_: None, hash_frames=True
    )
    return target, dict(done.figures)


def by_ffmpeg(path: Path, decoder: str | None) -> str:
    """As the docstring of `engine/artifact/framehash.py` says, by a program that is not ours."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error"]
    command += ["-c:v", decoder] if decoder else []
    command += ["-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough"]
    command += ["-f", "framehash", "-hash", "sha256", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line.rpartition(",")[2].strip() for line in told.splitlines() if line[0] != "#"]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


@pytest.mark.parametrize(
    ("form", "output", "decoder"),
    [
        ("mp4", {}, None),
        ("mp4", {"codec": "h265"}, None),
        ("webm", {"range": {"start": 0.8, "length": 1}}, "libvpx-vp9"),
        ("mov", {"range": {"start": 0.8, "length": 0.6}}, None),
        ("gif", {"range": {"start": 0.8, "length": 0.6}}, None),
        ("png", {}, None),
    ],
    ids=["h264", "h265", "vp9", "prores", "gif", "png"],
)
def test_ffmpeg_finds_the_same(
    tmp_path: Path, form: str, output: dict[str, Any], decoder: str | None
) -> None:
    path, figures = rendered(tmp_path, edit(form, **output), "out")
    assert figures["frames_sha256"] == by_ffmpeg(path, decoder)


def test_cold_warm_and_with_other_processes(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    document = edit("mp4")
    path, cold = rendered(tmp_path, document, "cold", kept=kept)
    _, warm = rendered(tmp_path, document, "warm", kept=kept)
    _, other = rendered(tmp_path, document, "other", workers=3)
    assert (cold["chunks_from_cache"], warm["chunks_made"]) == (0, 0)
    assert cold["frames"] > cold["frames_encoded"], "a still is a chunk shown often"
    assert cold["frames_sha256"] == warm["frames_sha256"] == other["frames_sha256"]
    assert cold["frames_sha256"] == by_ffmpeg(path, None)
    for damaged in kept.glob("frames*"):
        damaged.write_text("0" * 64)
    assert rendered(tmp_path, document, "again", kept=kept)[1] == {**warm, "wall_s": pytest.approx(
        0, abs=1e9)}  # fmt: skip
    document["timeline"]["background"] = "#204061"
    assert (
        rendered(tmp_path, document, "next", kept=kept)[1]["frames_sha256"] != warm["frames_sha256"]
    )


def test_what_is_only_heard_shows_nothing(tmp_path: Path) -> None:
    assert rendered(tmp_path, edit("wav"), "out")[1]["frames_sha256"] is None
