"""Ids: a prefix that names the kind, then a ULID in lower case, so ids sort by time of birth.

Source: github.com/ulid/spec (48 bits of milliseconds, 80 random bits, Crockford base 32).
"""

import secrets
import time
import uuid
from typing import Literal

Prefix = Literal[
    "acc",
    "key",
    "at",
    "rnd",
    "bat",
    "tpl",
    "whk",
    "evt",
    "dlv",
    "dst",
    "ast",
    "src",
    "upl",
    "aud",
    "req",
]

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}


def new_id(prefix: Prefix) -> str:
    """Return a fresh id such as `rnd_01kb…`: 26 symbols after the prefix."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return f"{prefix}_{_symbols(value)}"


def is_id(text: str, prefix: Prefix) -> bool:
    """Tell whether a text has the form of an id of this kind (not whether the object exists)."""
    head, _, tail = text.partition("_")
    return (
        head == prefix and len(tail) == 26 and tail[0] in "01234567" and set(tail) <= set(ALPHABET)
    )


def to_uuid(text: str) -> uuid.UUID:
    """Return the id's 128 bits as a UUID: one to one, for clients that expect that form."""
    value = 0
    for symbol in text.partition("_")[2]:
        value = value << 5 | _VALUES[symbol]
    return uuid.UUID(int=value)


def from_uuid(found: uuid.UUID, prefix: Prefix) -> str:
    """Return the id that `to_uuid` made this UUID of."""
    return f"{prefix}_{_symbols(found.int)}"


def _symbols(value: int) -> str:
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))
