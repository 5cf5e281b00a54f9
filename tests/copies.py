"""Renders clips of local sources that may be copied, and keeps what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

import media
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.model import Copy, Plan
from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.needs import needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.probe import probe
from vidgenie.engine.render import render_chunk
from vidgenie.engine.stitch import stitch
from vidgenie.engine.values import Assets, LocalSource, RenderStats

SIZE = (320, 180)
X264 = {"preset": "veryfast", "crf": "23", "bf": "2"}


@dataclass(frozen=True)
class Made:
    """A plan, its output, and what its chunks took."""

    plan: Plan
    assets: Assets
    target: Path
    stats: list[RenderStats]

    @property
    def copies(self) -> list[tuple[FrameRange, Copy]]:
        spans = [span for chunk in self.plan.chunks for span in chunk.spans]
        return [(span.frames, span.recipe) for span in spans if isinstance(span.recipe, Copy)]

    @property
    def numbers(self) -> list[int]:
        return [media.read_counter(picture) for picture in pictures(self.target)]


def pictures(path: Path) -> list[media.Pixels]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def clip(source: Path, trim: float, start: float, length: float) -> dict[str, Any]:
    asset = {"type": "video", "src": str(source), "trim": trim}
    return {"asset": asset, "start": start, "length": length}


def rendered(
    folder: Path,
    *clips: Mapping[str, Any],
    believed: Callable[[MediaFacts], MediaFacts] = lambda facts: facts,
) -> Made:
    """Make clips on one track into a file; `believed` alters what is known of the sources."""
    size = {"width": SIZE[0], "height": SIZE[1]}
    output = {"format": "mp4", "size": size, "fps": 30}
    edit = parse({"timeline": {"tracks": [{"clips": clips}]}, "output": output}, allow_local=True)
    paths = [Path(need.src) for need in needs(edit)]
    assets = {str(path): LocalSource(path, believed(probe(path))) for path in paths}
    timeline = resolve(edit, {name: asset.facts for name, asset in assets.items()})
    made = plan(timeline)
    files = [folder / f"part-{chunk.index}.mp4" for chunk in made.chunks]
    stats = [
        render_chunk(timeline, chunk, assets, made.encoder, file)
        for chunk, file in zip(made.chunks, files, strict=True)
    ]
    target = folder / "out.mp4"
    stitch(files, None, target, timeline.rate)
    return Made(made, assets, target, stats)
