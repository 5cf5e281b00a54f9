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


SHORT = 4
"""Letters of a short word: two in common are chance ("avi", "wav")."""

LISTED_MAX = 12
"""Words that a message lists as they are; more are grouped."""

ENDINGS = (
    ("Slow", "Fast"),
    ("Quad", "Cubic", "Quart", "Quint", "Sine", "Expo", "Circ", "Back"),
)
"""Ends that words of one list share."""


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
    plain = word.lower().replace("_", "").replace("-", "")
    turned = next((name for name in by_lower if sorted(name) == sorted(plain)), None)
    cutoff = 0.6 if len(plain) > SHORT else 0.7
    near = [turned] if turned else get_close_matches(plain, by_lower, n=1, cutoff=cutoff)
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
    """Return what is accepted: "mp4", "one of none, fade", or many words in their groups."""
    listed = list(words)
    if len(listed) > LISTED_MAX:
        return f"one of {_grouped(listed)}"
    return f'"{listed[0]}"' if len(listed) == 1 else f"one of {', '.join(listed)}"


def _grouped(words: list[str]) -> str:
    """Return "none, fade, slideLeft|Right (fade, slide… also with Slow or Fast)"."""
    for ends in ENDINGS:
        stems = [word for word in words if all(word + end in words for end in ends)]
        if stems:
            ended = {stem + end for stem in stems for end in ends}
            shown = _by_beginning([word for word in words if word not in ended])
            also = f"{', '.join(ends[:-1])} or {ends[-1]}"
            return f"{', '.join(shown)} ({', '.join(_beginnings(stems))} also with {also})"
    return ", ".join(words)


def _by_beginning(words: list[str]) -> list[str]:
    """Return words with those joined that begin alike: `slideLeft|Right`."""
    groups: dict[str, list[str]] = {}
    for word in words:
        begin = _beginning_of(word)
        groups.setdefault(begin, []).append(word[len(begin) :])
    return [begin + "|".join(ends) for begin, ends in groups.items()]


def _beginnings(words: list[str]) -> list[str]:
    """Return each beginning once: `fade`, `slide…`."""
    found = {(begin := _beginning_of(word)): begin != word for word in words}
    return [f"{begin}…" if has_ends else begin for begin, has_ends in found.items()]


def _beginning_of(word: str) -> str:
    """Return a word up to its first capital letter."""
    return next((word[:index] for index, sign in enumerate(word) if sign.isupper()), word)
