"""Curves that an edit means without writing them out: tweens, fades of sound."""

from collections.abc import Sequence

from vidgenie.core.edit.model import Tween
from vidgenie.core.tween import Curve, Step

SOUND_FADE_S = 2.0
"""A sound effect fades for so long, or for half the clip (EDIT.md §6)."""


def curve_of(value: float | Sequence[Tween] | None, default: float) -> Curve:
    """Return a property's curve: a number, or tweens from its default on."""
    if value is None:
        return Curve.constant(default)
    if isinstance(value, int | float):
        return Curve.constant(float(value))
    return Curve.of(default, [_step(tween, default) for tween in value])


def _step(tween: Tween, default: float) -> Step:
    first = default if tween.from_ is None else tween.from_
    return Step(
        start_s=tween.start or 0.0,
        length_s=tween.length or 0.0,
        first=first,
        last=first if tween.to is None else tween.to,
        interpolation=tween.interpolation or "linear",
        easing=tween.easing or "ease",
    )


def fades(effect: str | None, length: float) -> tuple[Curve, ...]:
    """Return the linear fades of a `volumeEffect`, audio `effect` or soundtrack `effect`."""
    span = min(SOUND_FADE_S, length / 2)
    curves: list[Curve] = []
    if effect in ("fadeIn", "fadeInFadeOut"):
        curves.append(Curve.of(1.0, [Step(0.0, span, 0.0, 1.0)]))
    if effect in ("fadeOut", "fadeInFadeOut"):
        curves.append(Curve.of(1.0, [Step(length - span, span, 1.0, 0.0)]))
    return tuple(curves)
