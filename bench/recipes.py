"""What the recipes save over painting every frame: CPU seconds, interleaved, as ratios.

    make bench            # quick, under a minute
    .venv/bin/python bench/recipes.py --rounds 5 --frames 300

Each case is rendered at 1080p twice per round, as planned and with every frame painted, in turn, so
that a busy neighbour slows both. The median of the rounds is told; the table is kept by commit in
bench/results/.
"""

import argparse
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from keep import keep

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import media  # noqa: E402  # from tools/
from vidgenie.core.edit.parse import parse  # noqa: E402
from vidgenie.core.plan.chunks import plan  # noqa: E402
from vidgenie.core.plan.model import Chunk, Paint, Plan, Span  # noqa: E402
from vidgenie.core.timeline.needs import needs  # noqa: E402
from vidgenie.core.timeline.resolve import resolve  # noqa: E402
from vidgenie.engine.probe import probe  # noqa: E402
from vidgenie.engine.render import render_chunk  # noqa: E402
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
    """Return the plan of a document, and its sources."""
    edit = parse(document, allow_local=True)
    assets = {n.src: LocalSource(Path(n.src), probe(Path(n.src))) for n in needs(edit)}
    timeline = resolve(edit, {src: source.facts for src, source in assets.items()})
    return plan(timeline, chunk_frames=100_000), assets


def painted(made: Plan) -> Plan:
    """Return the plan that paints and encodes every frame, in one chunk."""
    frames = made.timeline.frames
    span = Span(frames, Paint(), tuple(range(len(made.timeline.clips))))
    return replace(made, chunks=(Chunk(0, frames, (span,)),))


def render(made: Plan, assets: dict[str, LocalSource], target: Path) -> tuple[float, Counter[str]]:
    """Render all chunks of a plan; return CPU seconds and frames by recipe."""
    spent, recipes = 0.0, Counter[str]()
    for chunk in made.chunks:
        stats = render_chunk(made.timeline, chunk, assets, made.encoder, target)
        spent += stats.cpu_s
        recipes.update(stats.frames_by_recipe)
    return spent, recipes


def measure(document: dict[str, Any], folder: Path, rounds: int) -> dict[str, Any]:
    """Render as planned and painted, in turn."""
    ours, assets = planned(document)
    theirs = painted(ours)
    spent: dict[str, list[float]] = {"planned": [], "painted": []}
    recipes: Counter[str] = Counter()
    for _ in range(rounds):
        seconds, recipes = render(ours, assets, folder / "out.mp4")
        spent["planned"].append(seconds)
        spent["painted"].append(render(theirs, assets, folder / "out.mp4")[0])
    medians = {name: statistics.median(values) for name, values in spent.items()}
    return {
        "frames": len(ours.timeline.frames),
        "encoded_by_recipe": dict(recipes),
        "cpu_s": round(medians["planned"], 3),
        "painted_cpu_s": round(medians["painted"], 3),
        "ratio": round(medians["planned"] / medians["painted"], 3),
    }


def main() -> None:
    """Measure every case, print the table, keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--frames", type=int, default=180)
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
    keep("recipes", {"cases": table})


if __name__ == "__main__":
    main()
