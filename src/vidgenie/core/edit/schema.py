"""The published JSON Schema of an edit, after merging: what the models accept, and nothing else.

That a number may be written as a text is part of it. The bounds of such a text are not: JSON Schema
cannot compare what a text says.
"""

from typing import Any

from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.model.values import NUMERIC, TRUTH, WHOLE_NUMERIC

TEXTS = {"number": NUMERIC, "integer": WHOLE_NUMERIC, "boolean": TRUTH}
"""Which texts are taken for a value of a type."""

INSIDE = ("anyOf", "oneOf", "items", "additionalProperties")
"""Where a schema holds others, besides `properties` and `$defs`."""


def edit_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what this version understands."""
    schema: dict[str, Any] = _as_read(Edit.model_json_schema(by_alias=True))
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "VidGenie edit"
    return schema


def _as_read(schema: Any) -> Any:
    """Return a schema with the texts that are taken for its values.

    A text such as "5" may fit two branches of a union, so the branches are no `oneOf`, but for
    objects that say what they are.
    """
    if isinstance(schema, list):
        return [_as_read(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _as_read(value) if name in INSIDE else value for name, value in schema.items()}
    for name in ("properties", "$defs"):
        if name in made:
            made[name] = {key: _as_read(value) for key, value in made[name].items()}
    if "oneOf" in made and "discriminator" not in made:
        made["anyOf"] = made.pop("oneOf")
    kind = made.get("type")
    if isinstance(kind, str) and kind in TEXTS:
        made |= {"type": [kind, "string"], "pattern": TEXTS[kind]}
    return made
