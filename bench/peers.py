"""Against one ffmpeg command that makes the same video: CPU seconds, interleaved, as a ratio.

    .venv/bin/python bench/peers.py [--seconds 20] [--rounds 2]

A still with a title, 1080p30, the same preset and rate factor. Ours: plan, paint, encode, stitch,
in this process. Theirs: the finished picture, decoded and converted once, looped into libx264: the
best that ffmpeg can do, as it is spared the drawing.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import imageio_ffmpeg
from keep import keep

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import media  # noqa: E402  # from tools/
from vidgenie.core.edit.parse import parse  # noqa: E402
from vidgenie.core.plan.chunks import plan  # noqa: E402
from vidgenie.core.timeline.needs import needs  # noqa: E402
from vidgenie.core.timeline.resolve import resolve  # noqa: E402
from vidgenie.engine.probe import probe  # noqa: E402
from vidgenie.engine.render import render_chunk, render_frame  # noqa: E402
from vidgenie.engine.source import Assets, LocalSource  # noqa: E402
from vidgenie.engine.stitch import stitch  # noqa: E402

FPS = 30


def still(folder: Path, seconds: float) -> tuple[dict[str, object], Assets]:
    """Return a still with a title, and its sources."""
    picture = media.write_image(folder / "picture.png", (1920, 1080))
    text = {
        "type": "text",
        "text": "A still with a title",
        "font": {"family": "Montserrat", "size": 90, "weight": 700},
    }
    clips = (text, {"type": "image", "src": str(picture)})
    document: dict[str, object] = {
        "timeline": {
            "tracks": [{"clips": [{"asset": a, "start": 0, "length": seconds}]} for a in clips]
        },
        "output": {"format": "mp4", "resolution": "1080", "fps": FPS},
    }
    edit = parse(document, allow_local=True)
    return document, {n.src: LocalSource(Path(n.src), probe(Path(n.src))) for n in needs(edit)}


def ours(document: dict[str, object], assets: Assets, folder: Path) -> float:
    """Make the video; return CPU seconds."""
    before = os.times()
    edit = parse(document, allow_local=True)
    made = plan(resolve(edit, {src: source.facts for src, source in assets.items()}))
    files = []
    for chunk in made.chunks:
        path = folder / f"{chunk.index}.mp4"
        render_chunk(made.timeline, chunk, assets, made.encoder, path)
        files += [path] * chunk.repeat
    stitch(files, None, folder / "ours.mp4", made.timeline.rate)
    after = os.times()
    return after.user + after.system - before.user - before.system


def theirs(picture: Path, seconds: float, folder: Path) -> float:
    """Make the video with ffmpeg; return CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(picture)]
    command += ["-vf", f"format=yuv420p,loop=-1:1,fps={FPS}", "-t", str(seconds)]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-crf", "22", "-g", "60"]
    subprocess.run([*command, str(folder / "theirs.mp4")], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document, assets = still(folder, chosen.seconds)
        made = resolve(
            parse(document, allow_local=True),
            {src: source.facts for src, source in assets.items()},
        )
        picture = folder / "finished.png"
        picture.write_bytes(render_frame(made, 0, assets))
        spent: dict[str, list[float]] = {"ours": [], "ffmpeg": []}
        for _ in range(chosen.rounds):
            spent["ours"].append(ours(document, assets, folder))
            spent["ffmpeg"].append(theirs(picture, chosen.seconds, folder))
        row = {name: round(statistics.median(values), 3) for name, values in spent.items()}
        row["ratio"] = round(row["ours"] / row["ffmpeg"], 4)
        row["bytes_ratio"] = round(
            (folder / "ours.mp4").stat().st_size / (folder / "theirs.mp4").stat().st_size, 3
        )
    print(
        f"still + title, {chosen.seconds:g} s: ours {row['ours']:.2f} CPU s,"
        f" ffmpeg {row['ffmpeg']:.2f}, ratio {row['ratio']:.3f}, bytes {row['bytes_ratio']:.2f} ×"
    )
    keep("peers", {"still_s": chosen.seconds, **row})


if __name__ == "__main__":
    main()
