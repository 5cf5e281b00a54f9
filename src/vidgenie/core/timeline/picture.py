"""The law: which layers stand on which frame, and where. Plain, slow, and always right.

Order of the geometry (EDIT.md §5): crop → fit → scale → lay the scaled part's named point on the
frame's → offset (fractions of the frame, y upwards).
"""

from math import prod

from vidgenie.core.geometry import Affine, Size
from vidgenie.core.timeline.model import (
    Drawable,
    FrameOf,
    Layer,
    Picture,
    PlacedClip,
    ResolvedTimeline,
    VideoContent,
)


def picture_at(timeline: ResolvedTimeline, frame: int) -> Picture:
    """Return everything that stands on a frame, bottom first.

    Law: this is what the output shows; every plan is an optimisation of it. A clip whose scale or
    opacity is zero on this frame is not on it.
    """
    assert frame in timeline.frames, frame
    layers = tuple(
        layer
        for clip in timeline.clips
        if frame in clip.frames and (layer := layer_at(timeline, clip, frame)) is not None
    )
    return Picture(timeline.size, timeline.background, layers)


def layer_at(timeline: ResolvedTimeline, clip: PlacedClip, frame: int) -> Layer | None:
    """Return one clip as painted on one of its frames; None where nothing of it shows."""
    exact = timeline.rate.seconds_at(frame - clip.frames.start)
    seconds = float(exact)
    motion = clip.motion
    opacity = min(1.0, prod(max(0.0, curve.value_at(seconds)) for curve in motion.opacities))
    scale = prod(curve.value_at(seconds) for curve in motion.scales)
    if opacity <= 0 or scale <= 0:
        return None
    offset = (
        sum(curve.value_at(seconds) for curve in motion.offsets_x),
        sum(curve.value_at(seconds) for curve in motion.offsets_y),
    )
    drawable: Drawable
    if isinstance(clip.content, VideoContent):
        index = clip.content.times.index_at(clip.content.start_s + exact)
        drawable = FrameOf(clip.content.asset, index)
    else:
        drawable = clip.content
    return Layer(
        clip=clip.name,
        drawable=drawable,
        source=clip.source,
        matrix=_placement(clip, timeline.size, scale, offset),
        opacity=opacity,
        is_opaque=clip.is_opaque,
    )


def _placement(clip: PlacedClip, frame: Size, scale: float, offset: tuple[float, float]) -> Affine:
    across, down = clip.fit[0] * scale, clip.fit[1] * scale
    width, height = clip.source.width * across, clip.source.height * down
    left = clip.anchor[0] * (frame.width - width) + offset[0] * frame.width
    top = clip.anchor[1] * (frame.height - height) - offset[1] * frame.height
    return (
        Affine.translation(-clip.source.left, -clip.source.top)
        .then(Affine.scaling(across, down))
        .then(Affine.translation(left, top))
    )
