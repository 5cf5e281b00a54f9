"""Cut the timeline where its recipe changes.

    clips   |--A--------|
                 |--B--------|
    spans   |-A--|-A+B--|-B--|

Everything here is decided per interval between boundaries (clip ends, tween ends), never per
frame: a plan of an hour costs what its clips cost.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from vidgenie.core.geometry import Rect
from vidgenie.core.plan import cost
from vidgenie.core.plan.model import Box, Hold, Mix, Paint, Recipe, Span
from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.layers import can_warp, hides_all_below, is_on_grid
from vidgenie.core.timeline.model import Layer, PlacedClip, ResolvedTimeline
from vidgenie.core.timeline.picture import layer_at


def cut_spans(timeline: ResolvedTimeline) -> tuple[Span, ...]:
    """Cut the timeline's frames into spans.

    Law: spans are in order, touch, and cover `timeline.frames` once. A clip that a span leaves out
    cannot be seen on any of its frames; within a `hold` all pictures are equal; the static clips of
    a `box` or `mix` do not change.
    """
    spans: list[Span] = []
    previous: tuple[_Shown, ...] = ()
    for start, stop in pairwise(boundaries(timeline)):
        frames = FrameRange(start, stop)
        shown = tuple(_shown(timeline, frames))
        span = Span(frames, _recipe(timeline, shown), tuple(entry.clip for entry in shown))
        if spans and _continues(spans[-1], previous, span, shown):
            spans[-1] = Span(FrameRange(spans[-1].frames.start, stop), span.recipe, span.clips)
        else:
            spans.append(span)
        previous = shown
    return tuple(spans)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A clip that can be seen within an interval, as on its first frame where it shows."""

    clip: int
    layer: Layer
    is_constant: bool
    is_moving: bool  # its place, size or opacity changes


def boundaries(timeline: ResolvedTimeline) -> list[int]:
    """Return every frame at which something may begin or end, first and last included."""
    frames = timeline.frames
    found = {frames.start, frames.stop}
    rate = timeline.rate
    for clip in _with_masks(timeline.clips):
        found |= {clip.frames.start, clip.frames.stop}
        for times in (clip.content.boundaries, *(c.boundaries for c in clip.motion.curves)):
            found |= {clip.frames.start + ceil(s * float(rate) - 1e-9) for s in times}
    return sorted(frame for frame in found if frames.start <= frame <= frames.stop)


def _with_masks(clips: Iterable[PlacedClip]) -> Iterator[PlacedClip]:
    """Yield clips, and those that mask them, and those that mask these."""
    for clip in clips:
        yield clip
        yield from _with_masks(masked.clip for masked in clip.masks)


def _shown(timeline: ResolvedTimeline, frames: FrameRange) -> Iterator[_Shown]:
    """Yield the clips that can be seen within an interval, bottom first."""
    frame = Rect.of(timeline.size)
    seen: list[_Shown] = []
    for index in range(len(timeline.clips) - 1, -1, -1):
        clip = timeline.clips[index]
        if not clip.frames.overlaps(frames):
            continue
        entry = _look(timeline, index, frames)
        if entry is None or (not entry.is_moving and not entry.layer.bounds.overlaps(frame)):
            continue
        seen.append(entry)
        if not entry.is_moving and hides_all_below(entry.layer, frame):
            break
    return reversed(seen)


def _look(timeline: ResolvedTimeline, index: int, frames: FrameRange) -> _Shown | None:
    clip = timeline.clips[index]
    first, middle, last = frames.start, (frames.start + frames.stop) // 2, frames.stop - 1
    layers = [layer_at(timeline, clip, frame) for frame in (first, middle, last)]
    shown = [layer for layer in layers if layer is not None]
    if not shown:
        # Nothing at either end nor between; a curve that is not flat may still show in passing.
        if is_flat(clip, timeline, frames):
            return None
        shown = [
            layer
            for frame in range(first, last + 1)
            if (layer := layer_at(timeline, clip, frame)) is not None
        ]
        if not shown:
            return None
    moving = len(shown) < len(layers) or not is_flat(clip, timeline, frames)
    is_constant = not moving and all(layer == shown[0] for layer in shown[1:])
    if is_constant and _has_loop(clip):  # comes back to the same picture: look at all of them
        each = (layer_at(timeline, clip, frame) for frame in range(first, last))
        is_constant = all(layer == shown[0] for layer in each)
    return _Shown(index, shown[0], is_constant, moving)


def _has_loop(clip: PlacedClip) -> bool:
    return any(each.content.comes_back for each in _with_masks([clip]))


def is_flat(clip: PlacedClip, timeline: ResolvedTimeline, frames: FrameRange) -> bool:
    """Tell whether no curve of the clip, or of what masks it, changes between boundaries.

    Between two boundaries a curve is one eased step from one value to another: three equal
    samples mean that the two values are equal.
    """
    probes = {frames.start, (frames.start + frames.stop) // 2, frames.stop - 1}
    return all(
        len({curve.value_at(second) for second in seconds}) == 1
        for each in _with_masks([clip])
        for seconds in [[float(timeline.rate.seconds_at(f - each.frames.start)) for f in probes]]
        for curve in each.motion.curves
    )


def _recipe(timeline: ResolvedTimeline, shown: Sequence[_Shown]) -> Recipe:
    if all(entry.is_constant for entry in shown):
        return Hold()
    static = 0
    while shown[static].is_constant:
        static += 1
    if any(entry.layer.looks.blend != "normal" for entry in shown[static:]):
        return Paint()
    frame = Rect.of(timeline.size)
    box_ms = sum(
        cost.layer_ms(
            entry.layer, frame, is_placed_anew=entry.is_moving, is_drawn_anew=not entry.is_constant
        )
        for entry in shown[static:]
    )
    if box_ms > cost.paint_ms(timeline.size, len(shown)):
        return Paint()
    is_mixed = any(_is_mixed(entry) for entry in shown[static:])
    return Mix(static) if is_mixed else Box(static)


def _is_mixed(entry: _Shown) -> bool:
    """Tell whether a picture is resampled or shines through, where others are only laid down."""
    layer = entry.layer
    is_seen_through = layer.opacity < 1 or layer.looks.is_see_through
    return can_warp(layer) and (entry.is_moving or is_seen_through or not is_on_grid(layer))


def _continues(last: Span, before: Sequence[_Shown], span: Span, shown: Sequence[_Shown]) -> bool:
    """Tell whether a span is the last one going on: same recipe, same clips, same static part."""
    if last.recipe != span.recipe or last.clips != span.clips:
        return False
    match span.recipe:
        case Hold():
            fixed = len(shown)
        case Box(static=static) | Mix(static=static):
            fixed = static
        case Paint():
            fixed = 0
    return all(a.layer == b.layer for a, b in zip(before[:fixed], shown[:fixed], strict=True))
