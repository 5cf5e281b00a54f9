"""What an assistant may read up on: the primer, the schema, the fonts."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import resources
from typing import Any

from vidgenie.core.edit.schema import edit_schema
from vidgenie.core.timeline.fonts import SUBSTITUTES
from vidgenie.engine.lettering.families import families, files_of
from vidgenie.errors import RequestInvalid


def primer() -> str:
    """Return how to write an edit, on one page."""
    return resources.files(__package__).joinpath("primer.md").read_text(encoding="utf-8")


def schema() -> str:
    """Return the JSON Schema of an edit."""
    return json.dumps(edit_schema(), ensure_ascii=False)


def fonts() -> str:
    """Return the font families of this machine with their weights, as JSON."""
    found = {}
    for name in families():
        files = files_of(name)
        found[name] = {
            "weights": [min(f.weights[0] for f in files), max(f.weights[1] for f in files)],
            "italic": any(f.is_italic for f in files),
        }
    instead = {name: family for name, (family, _) in SUBSTITUTES.items()}
    return json.dumps({"families": found, "shown_instead": instead}, ensure_ascii=False)


def describe(part: str) -> str:
    """Return one part of the schema, with parts it is made of.

    Raises: RequestInvalid, naming the parts there are.
    """
    whole = edit_schema()
    parts: dict[str, Any] = {**whole["$defs"], "Edit": {**whole, "$defs": {}}}
    if part not in parts:
        near = get_close_matches(part, parts, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}? " if near else ""
        raise RequestInvalid(f"There is no part {part!r}; {hint}Parts: {', '.join(sorted(parts))}.")
    found, room = {part: parts[part]}, TOGETHER_MAX
    for name in dict.fromkeys(_named(parts[part])):
        size = len(json.dumps(parts[name]))
        if size < room and not name.endswith("Asset"):
            found[name] = parts[name]
            room -= size
    return json.dumps(found, ensure_ascii=False)


TOGETHER_MAX = 12_000
"""Characters of parts that come along with the one they are part of; assets are asked for."""


def _named(value: Any) -> Iterator[str]:
    """Yield the names of the parts that a schema refers to."""
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            yield reference.rpartition("/")[2]
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from _named(entry)
