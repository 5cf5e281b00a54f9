"""Properties that move: eased steps between values, evaluated at any second.

Before the first step the value runs linearly from the base to the step's `from`; between two
steps linearly from the one's `to` to the next one's `from`; after the last it holds its `to`.
A `constant` step holds `from` for its span, then jumps.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

Interpolation = Literal["linear", "bezier", "constant"]

EASINGS: dict[str, tuple[float, float, float, float]] = {
    "linear": (0, 0, 1, 1),
    "ease": (0.25, 0.1, 0.25, 1),
    "easeIn": (0.42, 0, 1, 1),
    "easeOut": (0, 0, 0.58, 1),
    "easeInOut": (0.42, 0, 0.58, 1),
    "easeInQuad": (0.55, 0.085, 0.68, 0.53),
    "easeInCubic": (0.55, 0.055, 0.675, 0.19),
    "easeInQuart": (0.895, 0.03, 0.685, 0.22),
    "easeInQuint": (0.755, 0.05, 0.855, 0.06),
    "easeInSine": (0.47, 0, 0.745, 0.715),
    "easeInExpo": (0.95, 0.05, 0.795, 0.035),
    "easeInCirc": (0.6, 0.04, 0.98, 0.335),
    "easeInBack": (0.6, -0.28, 0.735, 0.045),
    "easeOutQuad": (0.25, 0.46, 0.45, 0.94),
    "easeOutCubic": (0.215, 0.61, 0.355, 1),
    "easeOutQuart": (0.165, 0.84, 0.44, 1),
    "easeOutQuint": (0.23, 1, 0.32, 1),
    "easeOutSine": (0.39, 0.575, 0.565, 1),
    "easeOutExpo": (0.19, 1, 0.22, 1),
    "easeOutCirc": (0.075, 0.82, 0.165, 1),
    "easeOutBack": (0.175, 0.885, 0.32, 1.275),
    "easeInOutQuad": (0.455, 0.03, 0.515, 0.955),
    "easeInOutCubic": (0.645, 0.045, 0.355, 1),
    "easeInOutQuart": (0.77, 0, 0.175, 1),
    "easeInOutQuint": (0.86, 0, 0.07, 1),
    "easeInOutSine": (0.445, 0.05, 0.55, 0.95),
    "easeInOutExpo": (1, 0, 0, 1),
    "easeInOutCirc": (0.785, 0.135, 0.15, 0.86),
    "easeInOutBack": (0.68, -0.55, 0.265, 1.55),
}
"""Control points (x1, y1, x2, y2) of cubic Béziers from (0, 0) to (1, 1); EDIT.md §4."""


@lru_cache(maxsize=65536)
def ease(name: str, progress: float) -> float:
    """Return how far a step has come (0 at its start, 1 at its end) at a share of its time."""
    if progress <= 0 or progress >= 1:
        return min(1.0, max(0.0, progress))
    x1, y1, x2, y2 = EASINGS[name]
    low, high, t = 0.0, 1.0, progress
    for _ in range(60):
        error = _bezier(x1, x2, t) - progress
        if abs(error) < 1e-12:
            break
        low, high = (low, t) if error > 0 else (t, high)
        slope = _slope(x1, x2, t)
        step = t - error / slope if slope > 1e-9 else -1.0
        t = step if low < step < high else (low + high) / 2
    return _bezier(y1, y2, t)


def _bezier(p1: float, p2: float, t: float) -> float:
    return ((1 - 3 * p2 + 3 * p1) * t + (3 * p2 - 6 * p1)) * t * t + 3 * p1 * t


def _slope(p1: float, p2: float, t: float) -> float:
    return (3 * (1 - 3 * p2 + 3 * p1) * t + 2 * (3 * p2 - 6 * p1)) * t + 3 * p1


START_S = 1e-6
"""A step as good as no step: it says from where a moved curve begins."""


@dataclass(frozen=True, slots=True)
class Step:
    """One tween: from a value to another, `start_s` after the clip begins, for `length_s`."""

    start_s: float
    length_s: float
    first: float
    last: float
    interpolation: Interpolation = "linear"
    easing: str = "ease"

    @property
    def stop_s(self) -> float:
        """When it is over."""
        return self.start_s + self.length_s

    def value_at(self, seconds: float) -> float:
        """Return the value within the step."""
        if self.interpolation == "constant":
            return self.first
        progress = (seconds - self.start_s) / self.length_s
        share = ease(self.easing, progress) if self.interpolation == "bezier" else progress
        return self.first + (self.last - self.first) * share


@dataclass(frozen=True, slots=True)
class Curve:
    """A property over time: a base value and steps, in order and without overlap."""

    base: float
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        for one, next_one in zip(self.steps, self.steps[1:], strict=False):
            assert one.stop_s <= next_one.start_s + 1e-9, self

    @classmethod
    def constant(cls, value: float) -> "Curve":
        """Return the curve that never moves."""
        return cls(value)

    @classmethod
    def of(cls, base: float, steps: Sequence[Step]) -> "Curve":
        """Return a curve of steps in any order."""
        return cls(base, tuple(sorted(steps, key=lambda step: step.start_s)))

    @property
    def is_constant(self) -> bool:
        """It has the same value at every second."""
        values = {self.base} | {v for step in self.steps for v in (step.first, step.last)}
        return len(values) == 1

    @property
    def boundaries(self) -> tuple[float, ...]:
        """Every second at which it may change its course."""
        return tuple(edge for step in self.steps for edge in (step.start_s, step.stop_s))

    def times(self, factor: float) -> "Curve":
        """Return the curve with all its values multiplied."""
        if factor == 1:
            return self
        steps = tuple(
            replace(step, first=step.first * factor, last=step.last * factor) for step in self.steps
        )
        return Curve(self.base * factor, steps)

    def later(self, seconds: float) -> "Curve":
        """Return the curve that begins so many seconds later; earlier where they are negative."""
        if not self.steps or not seconds:
            return self
        steps = tuple(replace(step, start_s=step.start_s + seconds) for step in self.steps)
        if self.steps[0].start_s > START_S:
            base = Step(seconds, START_S, self.base, self.base)
            return Curve(self.base, (base, *steps))
        return Curve(self.base, steps)

    def value_at(self, seconds: float) -> float:
        """Return the value at a second after the clip's beginning."""
        index = bisect_right(self.steps, seconds, key=lambda step: step.start_s) - 1
        if index >= 0 and seconds < self.steps[index].stop_s:
            return self.steps[index].value_at(seconds)
        before_s, before = 0.0, self.base
        if index >= 0:
            before_s, before = self.steps[index].stop_s, self.steps[index].last
        if index + 1 >= len(self.steps):
            return before
        following = self.steps[index + 1]
        gap = following.start_s - before_s
        share = (seconds - before_s) / gap if gap > 0 else 1.0
        return before + (following.first - before) * max(0.0, share)
