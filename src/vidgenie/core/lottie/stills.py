"""When nothing of a Lottie document moves.

    keyframes   |~~~~~~~~|        |~~|
    layers          |in                  out|
    stills               [--------)  [------)

A property moves from a keyframe to the next one if the two differ; it jumps at one that holds its
value. A layer comes and goes at once. What a composition shows is seen through its layer's clock.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

STILL_MIN = 2.0
"""Frames: a shorter stand is not worth a span of its own."""

STILLS_MAX = 200
"""Of one document; the longest are kept."""

Document = Mapping[str, Any]
Moves = tuple[float, float]
"""From frame, to frame; equal ones are a jump."""


@dataclass(frozen=True, slots=True)
class _Clock:
    """How a composition's frames lie in the document's: frame f is at `start + f * pace` there."""

    start: float = 0.0
    pace: float = 1.0

    def outer(self, frame: float) -> float:
        return self.start + frame * self.pace

    def within(self, start: float, pace: float) -> "_Clock":
        return _Clock(self.outer(start), self.pace * pace)


def stills_of(
    document: Document, assets: Mapping[str, Document], first: float, stop: float
) -> tuple[Moves, ...]:
    """Return the ranges of frames, counted from `first`, in which nothing moves, in order.

    Law: two frames of one range look the same. What is not understood counts as moving.
    """
    moves = sorted(_moves(document, assets, _Clock()))
    found: list[Moves] = []
    at = first
    for begin, end in moves:
        if min(begin, stop) - at >= STILL_MIN:
            found.append((at - first, min(begin, stop) - first))
        at = max(at, end)
    if stop - at >= STILL_MIN:
        found.append((at - first, stop - first))
    longest = sorted(found, key=lambda still: still[0] - still[1])[:STILLS_MAX]
    return tuple(sorted(longest))


def still_at(stills: tuple[Moves, ...], frame: float) -> float:
    """Return the first frame that looks as this one does, as far as is known."""
    index = bisect_right(stills, (frame, float("inf"))) - 1
    if index >= 0 and stills[index][0] <= frame < stills[index][1]:
        return stills[index][0]
    return frame


def _moves(holder: Document, assets: Mapping[str, Document], clock: _Clock) -> Iterator[Moves]:
    """Yield when something moves in a composition, in the document's frames."""
    layers = holder.get("layers")
    for layer in layers if isinstance(layers, list) else []:
        if isinstance(layer, Mapping):
            yield from _of_layer(layer, assets, clock)


def _of_layer(layer: Document, assets: Mapping[str, Document], clock: _Clock) -> Iterator[Moves]:
    start, pace = _number(layer, "st", 0.0), _number(layer, "sr", 1.0)
    own = clock.within(start, pace)
    for name in ("ip", "op"):
        edge = clock.outer(_number(layer, name, 0.0))
        yield edge, edge
    for begin, end in _keyed(layer):
        # By the composition's clock, not the layer's: painters agree, whatever `st` and `sr` are.
        edges = clock.outer(begin), clock.outer(end)
        yield min(edges), max(edges)
    inner = assets.get(str(layer.get("refId", "")))
    if inner is not None and "layers" in inner and "tm" not in layer:
        yield own.outer(0), own.outer(0)
        yield from _moves(inner, assets, own)


def _keyed(layer: Document) -> Iterator[Moves]:
    """Yield the moves of all properties of a layer."""
    waiting: list[object] = [layer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, Mapping):
            waiting += one.values()
            keys = one.get("k")
            if isinstance(keys, list) and keys and _is_keyframe(keys[0]):
                yield from _between(keys)


def _is_keyframe(value: object) -> bool:
    return isinstance(value, Mapping) and "t" in value


def _between(keys: list[Any]) -> Iterator[Moves]:
    known = [one for one in keys if isinstance(one, Mapping)]
    for one, after in pairwise(known):
        begin, end = _number(one, "t", 0.0), _number(after, "t", 0.0)
        if one.get("h") == 1:
            yield end, end
        elif not _is_flat(one, after):
            yield min(begin, end), max(begin, end)


def _is_flat(one: Document, after: Document) -> bool:
    """Tell whether two keyframes have one value, and no curved way between them."""
    value = one.get("s")
    is_same = value is not None and all(
        other == value for other in (one.get("e", value), after.get("s", one.get("e")))
    )
    bends = (one.get("to"), one.get("ti"))
    return is_same and not any(isinstance(bend, list) and any(bend) for bend in bends)


def _number(holder: Document, name: str, default: float) -> float:
    value = holder.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return default
    return float(value)
