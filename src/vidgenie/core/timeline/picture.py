"""The law: which layers stand on which frame, and where. Plain, slow, and always right.

Order of the geometry (EDIT.md §5): crop → fit → scale → lay the scaled part's named point on the
frame's → offset (fractions of the frame, y upwards) → flip, zoom, skew and turn about the centre of
the part where it now lies → swing about a corner of the frame.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import hypot, prod

from vidgenie.core.geometry import Affine, Rect, Size
from vidgenie.core.timeline.graphic import Graphic, Posed
from vidgenie.core.timeline.looks import PLAIN, Looks, Mask, MaskedBy, Wipe
from vidgenie.core.timeline.model import (
    Drawable,
    FrameOf,
    Layer,
    Picture,
    PlacedClip,
    ResolvedTimeline,
    Swing,
    VideoContent,
)
from vidgenie.core.tween import Curve


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
    opacity = prod(min(1.0, max(0.0, value)) for value in _values(motion.opacities, seconds))
    scale = prod(_values(motion.scales, seconds))
    zoom = prod(_values(motion.zooms, seconds))
    if opacity <= 0 or scale <= 0 or zoom <= 0:
        return None
    matrix = _placement(clip, timeline.size, (scale, zoom), seconds)
    looks = _looks(timeline, clip, frame, matrix)
    if looks is None:
        return None
    return Layer(
        clip=clip.name,
        drawable=_drawable(clip, exact),
        source=clip.source,
        matrix=matrix,
        opacity=opacity,
        is_opaque=clip.is_opaque,
        looks=looks,
    )


def _values(curves: Sequence[Curve], seconds: float) -> list[float]:
    return [curve.value_at(seconds) for curve in curves]


def _drawable(clip: PlacedClip, seconds: Fraction) -> Drawable:
    content = clip.content
    if isinstance(content, VideoContent):
        return FrameOf(content.asset, content.index_at(seconds))
    if isinstance(content, Graphic):
        return Posed(content, content.phase_at(float(seconds)))
    return content


def _looks(
    timeline: ResolvedTimeline, clip: PlacedClip, frame: int, matrix: Affine
) -> Looks | None:
    """Return what is done to a clip's pixels; None where its wipes or masks hide all of it."""
    if not (clip.chroma_key or clip.filter or clip.masks or clip.motion.wipes) and (
        clip.blend == "normal"
    ):
        return PLAIN
    masks = []
    for masked in clip.masks:
        over, hem = _masking(timeline, masked, frame), None
        if over is not None and masked.is_fitted:
            target = _hemmed(clip.source, matrix, timeline.size)
            if target is not None:
                hem = _stretched(over.source, target).then(matrix)
            over = replace(over, matrix=_stretched(over.source, clip.source).then(matrix))
        if over is not None:
            masks.append(Mask(masked.kind, over, hem))
        elif not masked.is_open_outside:
            return None
    wipes = _wipes(clip, float(timeline.rate.seconds_at(frame - clip.frames.start)))
    if wipes is None:
        return None
    return Looks(clip.chroma_key, clip.filter, wipes, tuple(masks), clip.blend)


def _masking(timeline: ResolvedTimeline, masked: MaskedBy, frame: int) -> Layer | None:
    """Return a masking clip as it stands on a frame, if it does."""
    clip = masked.clip
    return layer_at(timeline, clip, frame) if frame in clip.frames else None


def _hemmed(part: Rect, matrix: Affine, frame: Size) -> Rect | None:
    """Return a part with a pixel of the frame round it; None where its edges are not seen."""
    if matrix.is_flat or (matrix.is_upright and matrix.bounds(part).covers(Rect.of(frame))):
        return None
    across, down = 1 / hypot(matrix.a, matrix.b), 1 / hypot(matrix.c, matrix.d)
    width, height = part.width + 2 * across, part.height + 2 * down
    return Rect(part.left - across, part.top - down, width, height)


def _stretched(source: Rect, target: Rect) -> Affine:
    """Return the map of one rectangle onto another."""
    scaling = Affine.scaling(target.width / source.width, target.height / source.height)
    moved = Affine.translation(-source.left, -source.top).then(scaling)
    return moved.then(Affine.translation(target.left, target.top))


def _wipes(clip: PlacedClip, seconds: float) -> tuple[Wipe, ...] | None:
    """Return the wipes under way; None where one hides all. A mirrored clip is wiped as seen."""
    found = []
    for motion in clip.motion.wipes:
        progress = min(1.0, motion.progress.value_at(seconds))
        if progress <= 0:
            return None
        if progress < 1:
            found.append(Wipe(motion.kind, motion.is_from_left != clip.flips[0], progress))
    return tuple(found)


def _placement(
    clip: PlacedClip, frame: Size, scales: tuple[float, float], seconds: float
) -> Affine:
    scale, zoom = scales
    motion = clip.motion
    across, down = clip.fit[0] * scale, clip.fit[1] * scale
    width, height = clip.source.width * across, clip.source.height * down
    offset_x, offset_y = (
        sum(_values(curves, seconds)) for curves in (motion.offsets_x, motion.offsets_y)
    )
    left = clip.anchor[0] * (frame.width - width) + offset_x * frame.width
    top = clip.anchor[1] * (frame.height - height) - offset_y * frame.height
    placed = (
        Affine.translation(-clip.source.left, -clip.source.top)
        .then(Affine.scaling(across, down))
        .then(Affine.translation(left, top))
    )
    turn = _turn(clip, zoom, seconds)
    if turn is not None:
        center_x, center_y = left + width / 2, top + height / 2
        placed = placed.then(Affine.translation(-center_x, -center_y)).then(turn)
        placed = placed.then(Affine.translation(center_x, center_y))
    for swing in motion.swings:
        placed = _swung(placed, swing, frame, seconds)
    return placed


def _turn(clip: PlacedClip, zoom: float, seconds: float) -> Affine | None:
    """Return what flips, zooms, skews and turns a clip about its centre; None for nothing."""
    motion = clip.motion
    skew_x, skew_y = (sum(_values(curves, seconds)) for curves in (motion.skews_x, motion.skews_y))
    angle = sum(_values(motion.rotations, seconds))
    mirrors = (prod(_values(curves, seconds)) for curves in (motion.mirrors_x, motion.mirrors_y))
    across, down = (
        -zoom * mirror if flipped else zoom * mirror
        for flipped, mirror in zip(clip.flips, mirrors, strict=True)
    )
    if across == down == 1 and not (skew_x or skew_y or angle):
        return None
    turn = Affine.scaling(across, down)
    if skew_x or skew_y:
        turn = turn.then(Affine.skewing(skew_x, skew_y))
    return turn.then(Affine.rotation(angle)) if angle else turn


def _swung(placed: Affine, swing: Swing, frame: Size, seconds: float) -> Affine:
    angle = swing.angle.value_at(seconds)
    if not angle:
        return placed
    x, y = swing.corner[0] * frame.width, swing.corner[1] * frame.height
    about = placed.then(Affine.translation(-x, -y)).then(Affine.rotation(angle))
    return about.then(Affine.translation(x, y))
