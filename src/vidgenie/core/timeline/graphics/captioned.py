"""Captions that clips bring along (`clip.caption`): each stands directly above its clip.

It stands in the frame, not on the clip: it neither moves nor fades with it, and an audio clip may
have one too.
"""

from collections.abc import Iterable, Iterator, Mapping

from vidgenie.core.edit.model import Timeline
from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphics.clip_caption import caption_of
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.grid import Grid
from vidgenie.core.timeline.model import Motion, PlacedClip
from vidgenie.core.timeline.timing import Place, Times


def with_captions(
    timeline: Timeline,
    drawn: Iterable[PlacedClip],
    scene: Scene,
    standing: tuple[Grid, Mapping[Place, Times]],
) -> Iterator[PlacedClip]:
    """Yield what is drawn, bottom first, with the captions between; `standing` is the schedule."""
    clips = {clip.name: clip for clip in drawn}
    grid, times = standing
    whole = Rect.of(grid.size)
    for track in range(len(timeline.tracks) - 1, -1, -1):
        for index, clip in enumerate(timeline.tracks[track].clips):
            name = f"{track}.{index}"
            if name in clips:
                yield clips[name]
            if clip.caption is None or not clip.is_shown:
                continue
            when = times[track, index]
            graphic = caption_of(clip.caption, scene, when.length)
            frames = grid.frames(when)
            if not graphic.pages or not frames:
                continue
            yield PlacedClip(
                name=f"{name}c",
                frames=frames,
                content=graphic,
                source=whole,
                fit=(1.0, 1.0),
                anchor=(0.5, 0.5),
                motion=Motion(),
                is_opaque=False,
            )
