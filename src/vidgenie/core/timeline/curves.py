"""Curves that an edit means without writing them out: tweens, fades of sound."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from vidgenie.core.edit.model import Tween
from vidgenie.core.tween import START_S, Curve, Step

SOUND_FADE_S = 2.0
"""A sound effect fades for so long, or for half the clip (EDIT.md §6)."""


def curve_of(value: float | Sequence[Tween] | None, default: float) -> Curve:
    """Return a property's curve: a number, or tweens from its default on."""
    if value is None:
        return Curve.constant(default)
    if isinstance(value, int | float):
        return Curve.constant(float(value))
    return Curve(default, tuple(_in_turn(_step(tween, default) for tween in value)))


def _in_turn(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield steps in order; one that begins a little before the last one's end begins there."""
    stop_s = 0.0
    for step in sorted(steps, key=lambda each: each.start_s):
        start_s = max(step.start_s, stop_s)
        stop_s = max(step.stop_s, start_s + START_S)
        yield replace(step, start_s=start_s, length_s=stop_s - start_s)


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
