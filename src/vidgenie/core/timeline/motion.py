"""From what an edit says of a clip's movement to curves: tweens, transitions, effects, keyframes.

Each source of movement adds its own curves to a `Motion`; they combine there.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import radians, tan

from vidgenie.core.edit.model import Clip, Keyframe, Transform, Tween
from vidgenie.core.timeline.curves import curve_of
from vidgenie.core.timeline.effects import Stage, effect_motion, preset_motion
from vidgenie.core.timeline.model import Motion
from vidgenie.core.timeline.transitions import Passage, passage_motion
from vidgenie.core.tween import Curve, Step

SKEW_MAX_DEGREES = 89.0
"""At 90° a leaning picture would be a line."""


def motion_of(clip: Clip, stage: Stage, passages: Sequence[Passage]) -> Motion:
    """Return how a clip moves: all that moves it, at once."""
    transform = clip.transform or Transform()
    return _own(clip, stage).joined(
        *(passage_motion(passage) for passage in passages),
        effect_motion(clip.effect, stage),
        _turning(clip, transform),
        _keyframed(transform.keyframes or (), stage),
        preset_motion(transform.preset, transform.preset_config, stage),
    )


def flips_of(clip: Clip) -> tuple[bool, bool]:
    """Tell whether a clip is mirrored left to right, and top to bottom."""
    flip = clip.transform.flip if clip.transform else None
    return (flip.horizontal, flip.vertical) if flip else (False, False)


def _own(clip: Clip, stage: Stage) -> Motion:
    """Return the user's scale, offset and opacity."""
    across, down = (stage.units.width, stage.units.height) if stage.units else (1, 1)
    offset = clip.offset
    return Motion(
        scales=(curve_of(clip.scale, 1.0),),
        offsets_x=_given(offset.x if offset else None, 1 / across),
        offsets_y=_given(offset.y if offset else None, 1 / down),
        opacities=(curve_of(clip.opacity, 1.0),),
    )


def _given(value: float | Sequence[Tween] | None, unit: float = 1.0) -> tuple[Curve, ...]:
    return () if value is None else (curve_of(value, 0.0).times(unit),)


def _turning(clip: Clip, transform: Transform) -> Motion:
    """Return the rotation and the skew; `rotate` of the clip and of its transform add."""
    rotate, skew = transform.rotate, transform.skew
    return Motion(
        rotations=_given(clip.rotate) + _given(rotate.angle if rotate else None),
        skews_x=_given(skew.x if skew else None),
        skews_y=_given(skew.y if skew else None),
    )


def _keyframed(keyframes: Sequence[Keyframe], stage: Stage) -> Motion:
    """Return the curves through keyframes; a property runs between those that name it."""
    across, down = (stage.units.width, stage.units.height) if stage.units else (1, 1)
    ordered = sorted(keyframes, key=lambda keyframe: keyframe.time)

    def through(name: str) -> tuple[Curve, ...]:
        named = [each for each in ordered if getattr(each, name) is not None]
        return (_curve_through(named, name),) if named else ()

    def scaled(name: str, unit: float) -> tuple[Curve, ...]:
        return tuple(curve.times(unit) for curve in through(name))

    return Motion(
        zooms=through("scale"),
        offsets_x=scaled("x", 1 / across),
        offsets_y=scaled("y", 1 / down),
        opacities=through("opacity"),
        rotations=through("rotate"),
        skews_x=through("skew_x"),
        skews_y=through("skew_y"),
        mirrors_x=through("flip_x"),
        mirrors_y=through("flip_y"),
    )


def _curve_through(keyframes: Sequence[Keyframe], name: str) -> Curve:
    """Return a curve: held before the first and after the last, eased as each one says it leaves.

    What is true or false jumps.
    """
    values = [_value(name, getattr(keyframe, name)) for keyframe in keyframes]
    steps = []
    for index, (one, other) in enumerate(pairwise(keyframes)):
        span = other.time - one.time
        if span > 0:
            step = Step(one.time, span, values[index], values[index + 1])
            steps.append(_eased(step, one.easing, jumps=name.startswith("flip")))
    if not steps:
        return Curve.constant(values[-1])
    return Curve.of(values[0], steps)


def _eased(step: Step, easing: str | None, *, jumps: bool) -> Step:
    if jumps:
        return Step(step.start_s, step.length_s, step.first, step.last, "constant")
    if easing in (None, "linear"):
        return step
    return Step(step.start_s, step.length_s, step.first, step.last, "bezier", easing or "ease")


def _value(name: str, value: float | bool) -> float:
    """Return a keyframe's value as a curve has it: flips as 1 or -1, degrees of skew as a lean."""
    if isinstance(value, bool):
        return -1.0 if value else 1.0
    if name.startswith("skew"):
        return tan(radians(max(-SKEW_MAX_DEGREES, min(SKEW_MAX_DEGREES, value))))
    return value
