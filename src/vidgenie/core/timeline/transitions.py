"""How a clip comes and goes: what each transition's name moves, for how long, and how eased.

The facts are EDIT.md §6; what is silent there is decided in docs/decisions/0080. Names say where
the picture travels: `Left` and `Up` mean to the left and upwards, coming as well as going. A reveal
or a wipe goes as it came, backwards.
"""

import re
from dataclasses import dataclass

from vidgenie.core.edit.model import Transition
from vidgenie.core.timeline.looks import WipeMotion
from vidgenie.core.timeline.model import Motion, Swing
from vidgenie.core.tween import Curve, Step

LENGTHS_S = {
    "fade": (1.0, 2.0, 0.5),
    "reveal": (1.0, 2.0, 0.5),
    "wipe": (1.0, 2.0, 0.5),
    "slide": (0.5, 2.0, 0.25),
    "carousel": (0.5, 2.0, 0.25),
    "shuffle": (0.5, 2.0, 0.25),
    "zoom": (0.4, 0.4, 0.4),
}
"""Seconds: plain, `Slow`, `Fast`."""

EASINGS = {
    "fade": ("easeInOut", "easeInOut"),
    "reveal": ("ease", "ease"),
    "wipe": ("easeInOut", "easeInOut"),
    "slide": ("ease", "ease"),
    "carousel": ("linear", "ease"),
    "shuffle": ("ease", "ease"),
    "zoom": ("linear", "easeOut"),
}
"""Coming and going."""

SLIDE = 0.025
"""A slide travels this share of the frame."""

CAROUSEL_DOWN = (1.05, 1.1)
"""Up and down a carousel travels a little more than the frame, coming and going."""

ZOOM = 10.0
"""A zoom begins this large."""

SWING_DEGREES = 90.0
"""A quarter turn about a corner of the frame takes all of it out of sight."""

DIRECTIONS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, 1), "Down": (0, -1)}
"""Where a picture travels: to the right and upwards."""

_NAME = re.compile(r"(fade|reveal|wipe|slide|carousel|shuffle|zoom)([A-Z]\w*?)??(Slow|Fast)?")


@dataclass(frozen=True, slots=True)
class Passage:
    """One end of a clip: which transition, and when, in seconds from the clip's first frame.

    `is_push`: the carousel of a cross-transition, in which neighbours keep touching.
    """

    kind: str
    side: str
    is_in: bool
    start_s: float
    length_s: float
    easing: str
    is_push: bool = False

    def curve(self, away: float, home: float) -> Curve:
        """Return a property's curve from `away` to `home`, or back."""
        first, last = (away, home) if self.is_in else (home, away)
        if self.easing == "linear":
            step = Step(self.start_s, self.length_s, first, last)
        else:
            step = Step(self.start_s, self.length_s, first, last, "bezier", self.easing)
        return Curve.of(first, [step])


def parsed(name: str) -> tuple[str, str, float]:
    """Return a transition's kind, its direction or corner, and its length in seconds."""
    found = _NAME.fullmatch(name)
    assert found is not None, name
    kind, side, speed = found.groups()
    return kind, side or "", LENGTHS_S[kind][(None, "Slow", "Fast").index(speed)]


def passages(transition: Transition | None, length: float) -> tuple[Passage, ...]:
    """Return how a clip of so many seconds comes and goes.

    Each end is at most as long as the clip; two that would overlap share it in proportion.
    """
    if transition is None:
        return ()
    found = []
    for name, is_in in ((transition.in_, True), (transition.out, False)):
        if name not in (None, "none"):
            kind, side, natural = parsed(name)
            span = min(transition.duration or natural, length)
            easing = transition.easing or EASINGS[kind][0 if is_in else 1]
            found.append(Passage(kind, side, is_in, 0.0, span, easing))
    total = sum(passage.length_s for passage in found)
    share = length / total if total > length else 1.0
    return tuple(_standing(passage, passage.length_s * share, length) for passage in found)


def _standing(passage: Passage, span: float, length: float) -> Passage:
    start = 0.0 if passage.is_in else length - span
    return Passage(passage.kind, passage.side, passage.is_in, start, span, passage.easing)


def passage_motion(passage: Passage) -> Motion:
    """Return the curves of one end of a clip."""
    fading = (passage.curve(0.0, 1.0),)
    match passage.kind:
        case "fade":
            return Motion(opacities=fading)
        case "reveal":
            return Motion(wipes=(WipeMotion("reveal", True, fading[0]),))
        case "wipe":
            return Motion(wipes=(WipeMotion("wipe", passage.side == "Right", fading[0]),))
        case "slide":
            x, y = _travel(passage, (SLIDE, SLIDE))
            return Motion(offsets_x=x, offsets_y=y, opacities=fading)
        case "carousel":
            far = 1.0 if passage.is_push else CAROUSEL_DOWN[0 if passage.is_in else 1]
            x, y = _travel(passage, (1.0, far))
            return Motion(offsets_x=x, offsets_y=y)
        case "zoom":
            return Motion(zooms=(passage.curve(ZOOM, 1.0),), opacities=fading)
        case _:
            assert passage.kind == "shuffle", passage
            return Motion(swings=(_swing(passage),))


def _travel(
    passage: Passage, distances: tuple[float, float]
) -> tuple[tuple[Curve, ...], tuple[Curve, ...]]:
    """Return the offsets of a picture that comes from one side, or leaves on the other."""
    sign = -1 if passage.is_in else 1
    towards = DIRECTIONS[passage.side]
    found = tuple(
        (passage.curve(sign * way * distance, 0.0),) if way else ()
        for way, distance in zip(towards, distances, strict=True)
    )
    return found[0], found[1]


def _swing(passage: Passage) -> Swing:
    """Return the swing about a corner: `TopRight` comes and goes over the top, about the right."""
    edge, other = re.findall(r"[A-Z][a-z]+", passage.side)
    right = 1.0 if "Right" in (edge, other) else 0.0
    bottom = 1.0 if "Bottom" in (edge, other) else 0.0
    # A quarter turn clockwise takes the frame over the top about its right upper corner, over the
    # bottom about its left lower one; sideways about the other two.
    is_upright = edge in ("Top", "Bottom")
    is_clockwise = (right != bottom) == is_upright
    degrees = SWING_DEGREES if is_clockwise else -SWING_DEGREES
    return Swing((right, bottom), passage.curve(degrees, 0.0))
