"""How messages about an edit name things: shortened, and with the nearest right word.

What a user sent may be of any size, and so is only ever quoted in part.
"""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Any

QUOTED_MAX = 80
"""Characters of what was found that a message repeats."""

COMPARED_MAX = 200
"""Words that a wrong one is compared with: each comparison costs some 10 µs."""


def quoted(value: Any) -> str:
    """Return a value as it stands in the document, shortened."""
    if isinstance(value, str | list | dict) and len(value) > QUOTED_MAX:
        value = _beginning(value)
    text = json.dumps(value, ensure_ascii=False, default=str)
    return cut(text)


def _beginning(value: str | list[Any] | dict[str, Any]) -> Any:
    """Return enough of a long value to be quoted from."""
    if isinstance(value, dict):
        return dict(islice(value.items(), QUOTED_MAX))
    return value[:QUOTED_MAX]


def cut(text: str) -> str:
    """Return a text shortened, and without halves of surrogate pairs, which no answer can carry."""
    text = text if len(text) <= QUOTED_MAX else text[: QUOTED_MAX - 1] + "…"
    return text.encode(errors="replace").decode()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, whatever its case, if one is near."""
    if len(word) > QUOTED_MAX:
        return None
    by_lower = {name.lower(): name for name in islice(known, COMPARED_MAX)}
    near = get_close_matches(word.lower().replace("_", ""), by_lower, n=1)
    return by_lower[near[0]] if near else None


def escape(name: str) -> str:
    """Return a member name as a token of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def pointer(keys: Iterable[int | str]) -> str:
    """Return the JSON Pointer (RFC 6901) of the value that names and numbers lead to."""
    return "".join(f"/{escape(str(key))}" for key in keys)


def keys_in(path: str) -> list[str]:
    """Return the names and numbers of a JSON Pointer, as texts."""
    return [key.replace("~1", "/").replace("~0", "~") for key in path.split("/")[1:]]


def one_of(words: Iterable[str]) -> str:
    """Return what is accepted: "mp4", or "one of none, fade"."""
    listed = list(words)
    return f'"{listed[0]}"' if len(listed) == 1 else f"one of {', '.join(listed)}"
