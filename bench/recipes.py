"""What the recipes save over painting every frame: CPU seconds, interleaved, as ratios.

    make bench            # quick, under a minute
    .venv/bin/python bench/recipes.py --rounds 5 --frames 300

Each case renders one chunk at 1080p twice per round, as planned and with `paint` forced, in turn,
so that a busy neighbour slows both. The median of the rounds is told; the table is kept by commit
in bench/results/.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import media  # noqa: E402  # from tools/
from vidgenie.core.edit.parse import parse  # noqa: E402
from vidgenie.core.plan.chunks import plan  # noqa: E402
from vidgenie.core.plan.model import Plan  # noqa: E402
from vidgenie.core.timeline.needs import needs  # noqa: E402
from vidgenie.core.timeline.resolve import resolve  # noqa: E402
from vidgenie.engine.probe import probe  # noqa: E402
from vidgenie.engine.render import RenderStats, render_chunk  # noqa: E402
from vidgenie.engine.source import LocalSource  # noqa: E402

FPS = 30


def cases(folder: Path, seconds: float) -> dict[str, dict[str, Any]]:
    """Return the timelines: a still, a talk with a lower third, a moving title over a picture."""
    video = str(folder / "video.mp4")
    picture, logo = str(folder / "picture.png"), str(folder / "logo.png")
    title = {
        "asset": {
            "type": "text",
            "text": "A lower third with a name",
            "font": {"size": 60, "weight": 700, "family": "Montserrat"},
            "width": 1000,
            "height": 120,
        },
        "start": 0,
        "length": seconds,
        "position": "bottomLeft",
        "offset": {"x": 0.05, "y": 0.1},
    }
    moving = {
        **title,
        "offset": {"x": [{"from": 0, "to": 0.4, "start": 0, "length": seconds}], "y": 0.1},
    }
    corner = {
        "asset": {"type": "image", "src": logo},
        "start": 0,
        "length": seconds,
        "scale": 0.1,
        "fit": "contain",
        "position": "topRight",
    }
    still = {"asset": {"type": "image", "src": picture}, "start": 0, "length": seconds}
    talk = {"asset": {"type": "video", "src": video}, "start": 0, "length": seconds}
    stacks = {
        "hold: still + title": [title, still],
        "box: video + title + logo": [title, corner, talk],
        "box: picture + moving title": [moving, still],
    }
    return {
        name: {
            "timeline": {"tracks": [{"clips": [clip]} for clip in clips]},
            "output": {"format": "mp4", "resolution": "1080", "fps": FPS},
        }
        for name, clips in stacks.items()
    }


def planned(document: dict[str, Any]) -> tuple[Plan, dict[str, LocalSource]]:
    """Return the plan of a document, in one chunk."""
    edit = parse(document, allow_local=True)
    assets = {n.src: LocalSource(Path(n.src), probe(Path(n.src))) for n in needs(edit)}
    timeline = resolve(edit, {src: source.facts for src, source in assets.items()})
    return plan(timeline, chunk_frames=100_000), assets


def measure(document: dict[str, Any], folder: Path, rounds: int) -> dict[str, Any]:
    """Render as planned and painted, in turn."""
    made, assets = planned(document)
    (chunk,) = made.chunks
    spent: dict[str | None, list[RenderStats]] = {None: [], "paint": []}
    for _ in range(rounds):
        for force in (None, "paint"):
            stats = render_chunk(
                made.timeline, chunk, assets, made.encoder, folder / "out.mp4", force=force
            )
            spent[force].append(stats)
    ours = statistics.median(stats.cpu_s for stats in spent[None])
    painted = statistics.median(stats.cpu_s for stats in spent["paint"])
    return {
        "frames": len(chunk.frames),
        "recipes": dict(spent[None][0].frames_by_recipe),
        "cpu_s": round(ours, 3),
        "painted_cpu_s": round(painted, 3),
        "ratio": round(ours / painted, 3),
    }


def main() -> None:
    """Measure every case, print the table, keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--frames", type=int, default=90)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        media.write_counter_video(folder / "video.mp4", size=(1280, 720), frames=chosen.frames)
        media.write_image(folder / "picture.png", (1920, 1080))
        media.write_image(folder / "logo.png", (800, 400), alpha=True)
        table = {}
        print(f"{'case':<30} {'frames':>6} {'CPU s':>8} {'painted':>8} {'ratio':>7}")
        for case, document in cases(folder, chosen.frames / FPS).items():
            row = table[case] = measure(document, folder, chosen.rounds)
            print(
                f"{case:<30} {row['frames']:>6} {row['cpu_s']:>8.2f} {row['painted_cpu_s']:>8.2f}"
                f" {row['ratio']:>7.2f}",
                flush=True,
            )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    ).stdout.strip()
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    path = results / f"recipes-{commit or 'unknown'}.json"
    path.write_text(json.dumps({"commit": commit, "cases": table}, indent=2) + "\n")
    print(f"kept in {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
