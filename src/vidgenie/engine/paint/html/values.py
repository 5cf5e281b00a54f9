"""CSS values: lengths, colours, words (CSS Values 4, CSS Color 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tinycss2.color4

from vidgenie.core.color import Color

Token = Any
"""A node of tinycss2, which has no types."""

LENGTH_MAX = 100_000.0
"""Pixels: longer ones are cut to this, as browsers cut at theirs."""

ABSOLUTE = {
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
}
CLEAR = Color(0, 0, 0, 0)


class Unknown(ValueError):
    """A value that is not read here: its declaration is passed over, as in a browser."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of what the property says; 1 is all of it."""

    share: float


Length = float | Percent | None
"""Pixels, a share, or None for `auto` and `none`."""


@dataclass(frozen=True, slots=True)
class Units:
    """What relative lengths count: the font size, the root's, the page's box."""

    em: float
    rem: float
    width: float
    height: float


def words_of(tokens: Sequence[Token]) -> list[Token]:
    """Return a value's parts, without blanks and comments."""
    return [token for token in tokens if token.type not in ("whitespace", "comment")]


def word(token: Token) -> str:
    """Return a keyword, in lower case; empty for anything else."""
    return str(token.lower_value) if token.type == "ident" else ""


def only(tokens: Sequence[Token]) -> Token:
    """Return the one part of a value."""
    parts = words_of(tokens)
    if len(parts) != 1:
        raise Unknown
    return parts[0]


def length(token: Token, units: Units) -> float | Percent:
    """Read a length or a percentage."""
    if token.type == "percentage":
        return Percent(_bounded(token.value) / 100)
    if token.type == "number" and token.value == 0:
        return 0.0
    if token.type != "dimension":
        raise Unknown
    unit = token.lower_unit
    relative = {
        "em": units.em,
        "rem": units.rem,
        "ex": units.em / 2,
        "ch": units.em / 2,
        "vw": units.width / 100,
        "vh": units.height / 100,
    }
    if unit in ABSOLUTE:
        return _bounded(token.value * ABSOLUTE[unit])
    if unit in relative:
        return _bounded(token.value * relative[unit])
    raise Unknown


def pixels(token: Token, units: Units) -> float:
    """Read a length that is no percentage."""
    value = length(token, units)
    if isinstance(value, Percent):
        raise Unknown
    return value


def auto_length(token: Token, units: Units) -> Length:
    """Read a length, a percentage, or `auto` and its like."""
    if word(token) in ("auto", "none", "normal"):
        return None
    return length(token, units)


def number(token: Token) -> float:
    """Read a number."""
    if token.type != "number":
        raise Unknown
    return _bounded(token.value)


def color(token: Token, current: Color) -> Color:
    """Read a colour; `current` is what `currentcolor` stands for."""
    found = tinycss2.color4.parse_color(token)
    if found is None:
        raise Unknown
    if isinstance(found, str):
        return current
    try:
        red, green, blue = (
            min(255, max(0, round(255 * part))) for part in found.to("srgb").coordinates
        )
    except (RuntimeError, TypeError, ValueError, OverflowError):  # an unknown colour space
        raise Unknown from None
    return Color(red, green, blue, min(255, max(0, round(255 * found.alpha))))


def resolved(value: Length, whole: float) -> float | None:
    """Return a length in pixels, shares taken of `whole`."""
    return whole * value.share if isinstance(value, Percent) else value


def _bounded(value: float) -> float:
    if value != value:  # NaN
        raise Unknown
    return max(-LENGTH_MAX, min(LENGTH_MAX, float(value)))
