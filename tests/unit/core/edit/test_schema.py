"""The published schema says what the model does: strict names, bounds, and nothing unknown."""

from collections.abc import Iterator
from typing import Any

from vidgenie.core.edit.model.values import NUMERIC
from vidgenie.core.edit.schema import edit_schema

KEYWORDS = {
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "default",
    "description",
    "discriminator",
    "enum",
    "exclusiveMinimum",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
}


def schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema within a schema."""
    if isinstance(value, list):
        for entry in value:
            yield from schemas(entry)
    elif isinstance(value, dict):
        yield value
        for name in ("items", "anyOf", "oneOf", "additionalProperties"):
            yield from schemas(value.get(name))
        for entry in value.get("properties", {}).values():
            yield from schemas(entry)


def all_schemas() -> list[dict[str, Any]]:
    document = edit_schema()
    parts = [document.pop("$defs"), document]
    assert document.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
    return [one for part in (*parts[0].values(), document) for one in schemas(part)]


def test_only_keywords_of_the_standard_are_used() -> None:
    """A bound behind a validator would come out as `ge`, which no reader knows."""
    for one in all_schemas():
        assert set(one) <= KEYWORDS, one


def test_objects_with_fields_are_strict() -> None:
    strict = [one for one in all_schemas() if "properties" in one]
    assert len(strict) > 80
    open_ended = [one["title"] for one in strict if one["additionalProperties"] is not False]
    assert open_ended == ["Destination"], "what a destination's provider takes is its own"


def test_bounds_and_words_are_published() -> None:
    parts = edit_schema()["$defs"]
    assert parts["TextFont"]["properties"]["size"]["anyOf"][0] == {
        "type": ["number", "string"],
        "minimum": 1,
        "maximum": 2000,
        "pattern": NUMERIC,
    }
    assert parts["Clip"]["properties"]["start"]["anyOf"][1]["pattern"].startswith("^(auto|alias")
    kinds = parts["Clip"]["properties"]["asset"]["discriminator"]["mapping"]
    assert len(kinds) == 16 + 3, "Shotstack's, and composition, audiogram and lottie"
    assert parts["Track"]["properties"]["clips"]["minItems"] == 1
