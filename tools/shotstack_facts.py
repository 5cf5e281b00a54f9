"""The facts of Shotstack's edit schema as one table: objects, fields, types, ranges, what must be.

`npm pack @shotstack/schemas@1.18.3`, unpack it, then
`.venv/bin/python tools/shotstack_facts.py package/dist/json-schema/edit.json`
writes `tests/shotstack_facts.json`, with which `tests/properties/test_conformance.py` makes
documents. The table holds facts only: no descriptions, no examples.
"""

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "tests" / "shotstack_facts.json"

BOUNDS = {
    "minimum": "min",
    "maximum": "max",
    "minLength": "min",
    "maxLength": "max",
    "minItems": "min",
    "pattern": "pattern",
    "enum": "values",
}

Table = dict[str, dict[str, Any]]


def main() -> None:
    """Read the schema that is named, write the table."""
    schema = json.loads(Path(sys.argv[1]).read_text())
    table = distil(schema)
    TARGET.write_text(written(table))
    fields = sum(len(entry["fields"]) for entry in table.values())
    print(f"{TARGET.name}: {len(table)} objects, {fields} fields")


def distil(schema: dict[str, Any]) -> Table:
    """Return the table of all objects that a schema describes."""
    table: Table = {}
    for name, entry in schema["$defs"].items():
        if "properties" in entry:
            _object(name, entry, table, schema)
    _object("Edit", schema, table, schema)
    return dict(sorted(table.items()))


def _object(name: str, entry: dict[str, Any], table: Table, schema: dict[str, Any]) -> None:
    table[name] = {
        "required": entry.get("required", []),
        "fields": {
            field: _branches(value, f"{name}.{field}", table, schema)
            for field, value in entry["properties"].items()
        },
    }


def _branches(
    value: dict[str, Any], place: str, table: Table, schema: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the ways in which a value may be given; objects without a name get their place's."""
    if "$ref" in value:
        return _referred(value["$ref"], place, table, schema)
    several = value.get("oneOf") or value.get("anyOf")
    if several:
        found = [branch for one in several for branch in _branches(one, place, table, schema)]
        return [branch for index, branch in enumerate(found) if branch not in found[:index]]
    if "properties" in value:
        _object(place, value, table, schema)
        return [{"kind": "object", "of": place}]
    branch = {"kind": value.get("type", "any")}
    branch |= {ours: value[theirs] for theirs, ours in BOUNDS.items() if theirs in value}
    if "items" in value:
        branch["of"] = _branches(value["items"], f"{place}[]", table, schema)
    return [branch]


def _referred(
    reference: str, place: str, table: Table, schema: dict[str, Any]
) -> list[dict[str, Any]]:
    target: Any = schema
    steps = reference.removeprefix("#/").split("/")
    for step in steps:
        target = target[int(step)] if isinstance(target, list) else target[step]
    if len(steps) == 2 and "properties" in target:
        return [{"kind": "object", "of": steps[1]}]
    return _branches(target, place, table, schema)


def written(table: Table) -> str:
    """Return the table as JSON, one field a line."""
    objects = []
    for name, entry in table.items():
        fields = ",\n".join(
            f"   {json.dumps(field)}: {json.dumps(branches)}"
            for field, branches in entry["fields"].items()
        )
        required = json.dumps(entry["required"])
        objects.append(f'{json.dumps(name)}: {{"required": {required}, "fields": {{\n{fields}}}}}')
    return "{" + ",\n".join(objects) + "}\n"


if __name__ == "__main__":
    main()
