"""Which way each character runs: the Unicode bidirectional algorithm (UAX #9).

Even levels run left to right, odd ones right to left. Paired brackets (rule N0) are resolved for
the brackets of ASCII, which are those that stand in titles and captions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import bidirectional

DEPTH_MAX = 125
"""Deepest explicit level (UAX #9, BD2)."""

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_ISOLATES = ("LRI", "RLI", "FSI")
_EMBEDDINGS = {"LRE": ("L", False), "RLE": ("R", False), "LRO": ("L", True), "RLO": ("R", True)}
_NEUTRAL = frozenset(("B", "S", "WS", "ON", "FSI", "LRI", "RLI", "PDI"))
_REMOVED = frozenset(("RLE", "LRE", "RLO", "LRO", "PDF", "BN"))


@dataclass(slots=True)
class _Entry:
    level: int
    override: str | None
    is_isolate: bool


def base_level(text: str) -> int:
    """Return a paragraph's level by its first strong character (rules P2 and P3)."""
    depth = 0
    for letter in text:
        kind = bidirectional(letter)
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return 0 if kind == "L" else 1
    return 0


def levels(text: str, base: int) -> list[int]:
    """Return the level of every character of a paragraph.

    Law: as long as the text; all equal `base` for a text that runs one way only.
    """
    kinds = [bidirectional(letter) or "L" for letter in text]
    if base == 0 and not any(kind in ("R", "AL", "AN", *_EMBEDDINGS, "RLI") for kind in kinds):
        return [0] * len(text)
    found, kinds = _explicit(text, kinds, base)
    for sequence in _sequences(found, kinds):
        _resolve(text, kinds, found, sequence, base)
    return found


def _explicit(text: str, kinds: list[str], base: int) -> tuple[list[int], list[str]]:
    """Rules X1 to X9: levels from embeddings, overrides and isolates; removed ones become BN."""
    stack = [_Entry(base, None, is_isolate=False)]
    found, out = [], []
    for place, kind in enumerate(kinds):
        top = stack[-1]
        if kind in _EMBEDDINGS:
            way, forces = _EMBEDDINGS[kind]
            found.append(top.level)
            out.append("BN")
            level = _next_level(top.level, way)
            if level <= DEPTH_MAX:
                stack.append(_Entry(level, way if forces else None, is_isolate=False))
        elif kind in _ISOLATES:
            found.append(top.level)
            out.append(top.override or kind)
            way = "R" if kind == "RLI" else "L"
            if kind == "FSI":
                way = "R" if base_level(_isolated(text, kinds, place)) else "L"
            level = _next_level(top.level, way)
            stack.append(_Entry(min(level, DEPTH_MAX), None, is_isolate=True))
        elif kind == "PDI":
            _leave_isolate(stack)
            found.append(stack[-1].level)
            out.append(stack[-1].override or kind)
        elif kind == "PDF":
            if len(stack) > 1 and not top.is_isolate:
                stack.pop()
            found.append(top.level)
            out.append("BN")
        else:
            found.append(top.level)
            out.append(kind if kind == "BN" else top.override or kind)
    return found, out


def _next_level(level: int, way: str) -> int:
    return (level + 1) | 1 if way == "R" else (level + 2) & ~1


def _isolated(text: str, kinds: Sequence[str], start: int) -> str:
    depth = 1
    for place in range(start + 1, len(text)):
        if kinds[place] in _ISOLATES:
            depth += 1
        elif kinds[place] == "PDI":
            depth -= 1
        if depth == 0:
            return text[start + 1 : place]
    return text[start + 1 :]


def _leave_isolate(stack: list[_Entry]) -> None:
    if any(entry.is_isolate for entry in stack):
        while not stack[-1].is_isolate:
            stack.pop()
        stack.pop()


def _sequences(found: Sequence[int], kinds: Sequence[str]) -> list[list[int]]:
    """Return the isolating run sequences (BD13), as places, without what rule X9 removes."""
    runs: list[list[int]] = []
    for place, level in enumerate(found):
        if kinds[place] in _REMOVED:
            continue
        last = runs[-1][-1] if runs else -1
        goes_on = last >= 0 and found[last] == level and kinds[last] not in _ISOLATES
        if goes_on and kinds[place] != "PDI":
            runs[-1].append(place)
        else:
            runs.append([place])
    joined: list[list[int]] = []
    open_isolates: list[list[int]] = []
    for run in runs:
        target = run
        if kinds[run[0]] == "PDI" and open_isolates:
            target = open_isolates.pop()
            target.extend(run)
        else:
            joined.append(run)
        if kinds[run[-1]] in _ISOLATES:
            open_isolates.append(target)
    return joined


def _resolve(
    text: str, kinds: list[str], found: list[int], sequence: Sequence[int], base: int
) -> None:
    level = found[sequence[0]]
    own = "R" if level % 2 else "L"
    before = max(_level_beside(found, kinds, sequence[0], -1, base), level)
    after = max(_level_beside(found, kinds, sequence[-1], 1, base), level)
    start, stop = ("R" if side % 2 else "L" for side in (before, after))
    _weak(kinds, sequence, start)
    _brackets(text, kinds, sequence, own)
    _neutral(kinds, sequence, (start, stop), own)
    for place in sequence:
        kind = kinds[place]
        if level % 2:
            found[place] = level + (kind in ("L", "EN", "AN"))
        else:
            found[place] = level + (1 if kind == "R" else 2 if kind in ("AN", "EN") else 0)


def _level_beside(
    found: Sequence[int], kinds: Sequence[str], place: int, step: int, base: int
) -> int:
    place += step
    while 0 <= place < len(found):
        if kinds[place] not in _REMOVED:
            return found[place]
        place += step
    return base


def _weak(kinds: list[str], sequence: Sequence[int], start: str) -> None:
    """Rules W1 to W7."""
    previous, strong = start, start
    for place in sequence:  # W1, W2, W3
        kind = kinds[place]
        if kind == "NSM":
            kind = "ON" if previous in (*_ISOLATES, "PDI") else previous
        if kind == "EN" and strong == "AL":
            kind = "AN"
        if kind in ("L", "R", "AL"):
            strong = kind
        kinds[place] = previous = kind
    for place in sequence:
        if kinds[place] == "AL":
            kinds[place] = "R"
    for at in range(1, len(sequence) - 1):  # W4
        left, kind, right = (kinds[sequence[at + step]] for step in (-1, 0, 1))
        if left == right and ((kind == "ES" and left == "EN") or (kind == "CS" and left in "ENAN")):
            kinds[sequence[at]] = left
    _terminators(kinds, sequence)
    strong = start
    for place in sequence:  # W7
        if kinds[place] in ("L", "R"):
            strong = kinds[place]
        elif kinds[place] == "EN" and strong == "L":
            kinds[place] = "L"


def _terminators(kinds: list[str], sequence: Sequence[int]) -> None:
    """Rules W5 and W6."""
    at = 0
    while at < len(sequence):
        stop = at
        while stop < len(sequence) and kinds[sequence[stop]] == "ET":
            stop += 1
        if stop > at:
            numbers = (
                kinds[sequence[at - 1]] if at else "",
                kinds[sequence[stop]] if stop < len(sequence) else "",
            )
            for place in sequence[at:stop]:
                kinds[place] = "EN" if "EN" in numbers else "ON"
        elif kinds[sequence[at]] in ("ES", "CS"):
            kinds[sequence[at]] = "ON"
        at = max(stop, at + 1)


def _strong(kind: str) -> str | None:
    return "R" if kind in ("R", "EN", "AN") else "L" if kind == "L" else None


def _brackets(text: str, kinds: list[str], sequence: Sequence[int], own: str) -> None:
    """Rule N0, for the brackets of ASCII."""
    opened: list[tuple[str, int]] = []
    pairs = []
    for at, place in enumerate(sequence):
        letter = text[place]
        if kinds[place] != "ON":
            continue
        if letter in _BRACKETS:
            opened.append((_BRACKETS[letter], at))
        elif letter in _BRACKETS.values():
            for depth in range(len(opened) - 1, -1, -1):
                if opened[depth][0] == letter:
                    pairs.append((opened[depth][1], at))
                    del opened[depth:]
                    break
    for first, last in sorted(pairs):
        inside = {_strong(kinds[place]) for place in sequence[first + 1 : last]} - {None}
        if own in inside:
            way: str | None = own
        elif inside:
            earlier = (_strong(kinds[place]) for place in reversed(sequence[:first]))
            context = next((kind for kind in earlier if kind), own)
            way = context if context in inside else own
        else:
            way = None
        if way:
            kinds[sequence[first]] = kinds[sequence[last]] = way


def _neutral(kinds: list[str], sequence: Sequence[int], edges: tuple[str, str], own: str) -> None:
    """Rules N1 and N2."""
    at = 0
    while at < len(sequence):
        stop = at
        while stop < len(sequence) and kinds[sequence[stop]] in _NEUTRAL:
            stop += 1
        if stop == at:
            at += 1
            continue
        left = _strong(kinds[sequence[at - 1]]) if at else edges[0]
        right = _strong(kinds[sequence[stop]]) if stop < len(sequence) else edges[1]
        way = left if left == right and left else own
        for place in sequence[at:stop]:
            kinds[place] = way
        at = stop


def visual_order(found: Sequence[int]) -> list[int]:
    """Return the places of runs in the order in which they stand from left to right (rule L2)."""
    order = list(range(len(found)))
    if not found:
        return order
    for level in range(max(found), 0, -1):
        at = 0
        while at < len(order):
            stop = at
            while stop < len(order) and found[order[stop]] >= level:
                stop += 1
            if stop > at:
                order[at:stop] = order[at:stop][::-1]
            at = max(stop, at + 1)
    return order
