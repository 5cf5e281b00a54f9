"""Documents with something wrong in them, by chance: what a parser is fed to see where it falls."""

import copy
import random
from collections.abc import Iterator
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, -0.0, 1e-30, 1e30, -1e30, 2**31, -(2**31) - 1, 2**63,
    "", "a", "\0", "data:image/png;base64,AAAA", [], {}, [0], [[]], [None], {"k": None},
    {"a": 1, "k": []}, {"a": 1, "k": [{"t": 0}]}, {"a": 1, "k": [{"t": 0, "s": []}] * 2},
)  # fmt: skip
"""Values at the edges of what types hold."""

WORSE = b"\0\xff\xfe<>&;\"'{}[]()/\\-,.:%#@ \n\r\t0129eEnaNxX\xf0\x9f\x98\x80"
"""Bytes that mean something to most parsers."""


def spoilt(rng: random.Random, document: Any) -> Any:
    """Return a copy of a JSON document with one to six places changed, lost, moved or doubled."""
    made = copy.deepcopy(document)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        places = list(_places(made))
        if not places:
            return made
        holder, key = rng.choice(places)
        other, place = rng.choice(places)
        match rng.randrange(5):
            case 0 | 1:
                holder[key] = copy.deepcopy(rng.choice(ODD))
            case 2:
                holder.pop(key)
            case 3:
                holder[key] = copy.deepcopy(other[place])
            case _:
                _stretch(rng, holder, key)
    return made


def _stretch(rng: random.Random, holder: Any, key: Any) -> None:
    value = holder[key]
    if isinstance(value, int | float) and not isinstance(value, bool):
        holder[key] = rng.choice((value * 1000, -value, value + 1, value * 1e10))
    elif isinstance(holder, list):
        holder.insert(key, copy.deepcopy(value))


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list):
            for key in list(one) if isinstance(one, dict) else range(len(one)):
                yield one, key
                waiting.append(one[key])


def spoilt_bytes(rng: random.Random, data: bytes) -> bytes:
    """Return bytes with one to eight places changed, lost, moved or doubled."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 2, 4, 8))):
        at, length = rng.randrange(len(made) + 1), rng.choice((1, 1, 2, 4, 16, 64))
        match rng.randrange(5):
            case 0:
                made[at : at + length] = bytes(rng.choices(WORSE, k=length))
            case 1:
                del made[at : at + length]
            case 2:
                made[at:at] = made[at : at + length] * rng.choice((1, 2, 50))
            case 3:
                made[at : at + length] = rng.randbytes(length)
            case _:
                other = rng.randrange(len(made) + 1)
                made[at:at] = made[other : other + length * 4]
    return bytes(made)
