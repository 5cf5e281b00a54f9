"""How a clip moves while it is shown: effects (EDIT.md §6) and the presets of `transform`.

A picture that is moved across the frame must be larger than the frame, or its edge would show: it
is enlarged just so much, unless more of it lies beyond the frame already.
"""

import re
from dataclasses import dataclass

from vidgenie.core.edit.model import PresetConfig
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.model import Motion
from vidgenie.core.timeline.transitions import DIRECTIONS
from vidgenie.core.tween import Curve, Step

ZOOMS = {None: 1.3, "Slow": 1.1, "Fast": 1.7}
"""How large a zoom becomes."""

SLIDES = {None: 0.12, "Slow": 0.03, "Fast": 0.2}
"""How far from its place a slide begins, as a share of the frame; it ends as far beyond it."""

PRESET_ZOOM = 1.2
PRESET_PAN = 0.1
PRESET_SLIDE = 1.0
PRESET_SLIDE_S = 0.5
"""Presets without a `preset_config`: how large, how far (shares of the frame), how long."""

_EFFECT = re.compile(r"(zoom|slide)(In|Out|Left|Right|Up|Down)(Slow|Fast)?")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a clip moves: the frame, and the size at which it is shown there at `scale` 1.

    `length` in seconds. `fills` says that the clip is media whose edge must not come into sight.
    """

    frame: Size
    shown: tuple[float, float]
    length: float
    fills: bool
    units: Size | None = None
    """What offsets are divided by: None for fractions, the frame for pixels."""


def slides(effect: str | None) -> tuple[bool, bool]:
    """Tell whether an effect moves a clip across, and whether down."""
    found = _EFFECT.fullmatch(effect or "")
    if found is None or found[1] != "slide":
        return False, False
    return found[2] in ("Left", "Right"), found[2] in ("Up", "Down")


def effect_motion(effect: str | None, stage: Stage) -> Motion:
    """Return the curves of an effect; it lasts as long as its clip."""
    if effect is None:
        return Motion()
    found = _EFFECT.fullmatch(effect)
    assert found is not None, effect
    kind, towards, speed = found.groups()
    if kind == "zoom":
        ends = (1.0, ZOOMS[speed]) if towards == "In" else (ZOOMS[speed], 1.0)
        return Motion(zooms=(_line(ends, stage.length),))
    axis = 0 if towards in ("Left", "Right") else 1
    return _across(stage, axis, DIRECTIONS[towards][axis], SLIDES[speed])


def _across(stage: Stage, axis: int, sign: int, distance: float) -> Motion:
    """Return a slide along an axis, by `distance` either side of the clip's place."""
    zooms: tuple[Curve, ...] = ()
    if stage.fills:
        frame = (stage.frame.width, stage.frame.height)[axis]
        needed = frame * (1 + 2 * distance)
        if stage.shown[axis] < needed:
            zooms = (Curve.constant(needed / stage.shown[axis]),)
        else:
            distance = (stage.shown[axis] - frame) / 2 / frame
    line = _line((-sign * distance, sign * distance), stage.length)
    return Motion(
        zooms=zooms,
        offsets_x=(line,) if axis == 0 else (),
        offsets_y=(line,) if axis == 1 else (),
    )


def preset_motion(preset: str | None, config: PresetConfig | None, stage: Stage) -> Motion:
    """Return the curves of a preset: moved, enlarged, or both, as far as its configuration says."""
    if preset is None:
        return Motion()
    config = config or PresetConfig()
    kind, _, towards = preset.rpartition("_")
    sign = DIRECTIONS.get(towards.capitalize(), (0, 0))
    pan = config.pan_distance
    if pan is not None and stage.units is not None:
        pan /= stage.units.height if sign[1] else stage.units.width
    if preset in ("ken_burns", "zoom_in", "zoom_out"):
        pan = pan if pan is not None else PRESET_PAN if preset == "ken_burns" else 0.0
        small, large = 1 + abs(pan), PRESET_ZOOM + abs(pan)
        ends = (large, small) if towards == "out" else (small, large)
        return _panned((-1, 0), pan, _zooming(config, ends), stage)
    if kind == "pan":
        pan = PRESET_PAN if pan is None else pan
        whole = 1 + abs(pan) if stage.fills else 1.0
        return _panned(sign, pan, _zooming(config, (whole, whole)), stage)
    return _slid(kind, sign[0], PRESET_SLIDE if pan is None else pan, config, stage)


def _zooming(config: PresetConfig, ends: tuple[float, float]) -> tuple[float, float]:
    first, last = config.zoom_start, config.zoom_end
    return ends[0] if first is None else first, ends[1] if last is None else last


def _panned(
    sign: tuple[int, int], distance: float, zooms: tuple[float, float], stage: Stage
) -> Motion:
    """Return a move by `distance` in all, half before and half beyond the clip's place."""
    x, y = sign[0] * distance / 2, sign[1] * distance / 2
    return Motion(
        zooms=(_line(zooms, stage.length),),
        offsets_x=(_line((-x, x), stage.length),) if x else (),
        offsets_y=(_line((-y, y), stage.length),) if y else (),
    )


def _slid(kind: str, sign: int, distance: float, config: PresetConfig, stage: Stage) -> Motion:
    """Return a clip's coming from one side, or its leaving there, in half a second."""
    span = min(PRESET_SLIDE_S, stage.length)
    away = sign * distance
    if kind == "slide_in":
        step = Step(0.0, span, away, 0.0, "bezier", "easeOut")
    else:
        step = Step(stage.length - span, span, 0.0, away, "bezier", "easeIn")
    zooms = _zooming(config, (1.0, 1.0))
    return Motion(
        offsets_x=(Curve.of(step.first, [step]),),
        zooms=(_line(zooms, stage.length),) if zooms != (1.0, 1.0) else (),
    )


def _line(ends: tuple[float, float], length: float) -> Curve:
    if ends[0] == ends[1]:
        return Curve.constant(ends[0])
    return Curve.of(ends[0], [Step(0.0, length, *ends)])
