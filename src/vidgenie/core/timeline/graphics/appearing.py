"""How a text comes in: which of its units are there, where, and how visible, at a time.

Units are the text's characters or words. Each takes `share` of the whole time, one after the
other, overlapping; a typewriter's units are there or not. Progress counts in steps of `STEPS`, so
that equal pictures have equal phases.
"""

from dataclasses import dataclass
from typing import Literal

from vidgenie.core.timeline.graphic import Phase

STEPS = 1 << 16
"""Steps of a whole appearance: finer than any frame of the longest one can tell."""

TRAVEL = {"slideIn": 1.0, "ascend": 1.0, "shift": 0.5, "movingLetters": 0.75}
"""How far a unit travels, in font sizes."""

SHARE = {"slideIn": 1.0, "fadeIn": 1.0, "ascend": 0.6, "shift": 0.4, "movingLetters": 0.35}
"""Which part of the whole time one unit takes to come in; all of it: they come together."""

Preset = Literal["fadeIn", "slideIn", "typewriter", "ascend", "shift", "movingLetters"]

_WAYS = {"left": (1.0, 0.0), "right": (-1.0, 0.0), "up": (0.0, 1.0), "down": (0.0, -1.0)}


@dataclass(frozen=True, slots=True)
class Pose:
    """How one unit stands: moved by so many font sizes (y downwards), and how visible it is."""

    x: float = 0.0
    y: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Appearing:
    """How a text comes in. `direction` is the way its units move."""

    preset: Preset
    duration_s: float
    by: Literal["character", "word", "line"] = "character"
    direction: Literal["left", "right", "up", "down"] = "up"

    def phase_at(self, seconds: float, text: str) -> Phase:
        """Return its progress, 0 to 1, of a text; the empty phase once all is there.

        A typewriter's counts in units: between two strokes nothing changes.
        """
        if seconds >= self.duration_s:
            return ()
        steps = STEPS
        if self.preset == "typewriter":
            steps = max(1, len(text.split()) if self.by == "word" else len(text))
        progress = max(0.0, seconds) / self.duration_s
        return (int(progress * steps + 1e-9) / steps,)

    def pose(self, phase: Phase, unit: int, count: int) -> Pose:
        """Return how unit `unit` of `count` stands at a phase."""
        if not phase:
            return Pose()
        progress = float(phase[0])
        if self.preset == "typewriter":
            return Pose(opacity=float(unit < int(progress * count + 1e-9)))
        share = SHARE[self.preset]
        begin = 0.0 if count < 2 else (1 - share) * unit / (count - 1)
        done = _eased(min(1.0, max(0.0, (progress - begin) / share)))
        if self.preset == "fadeIn":
            return Pose(opacity=done)
        way_x, way_y = _WAYS[self.direction]
        left = TRAVEL[self.preset] * (1 - done)
        return Pose(way_x * left, way_y * left, done)


def _eased(progress: float) -> float:
    """Slow down towards the end: a cubic, as `easeOutCubic` means it."""
    return float(1 - (1 - progress) ** 3)
