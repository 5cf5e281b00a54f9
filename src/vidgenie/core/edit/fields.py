"""The fields of a template: found as placeholders, declared in its `merge`, filled per render.

Pure on raw JSON. A declaration is `{"find", "replace" | "default", "type", "required", "enum",
"min", "max", "description", "markup"}`; an object of names and values declares defaults only.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as dataclass_field
from itertools import islice
from math import isfinite
from typing import Any

from vidgenie.core.edit import limits
from vidgenie.core.edit.contexts import Places, escape, place
from vidgenie.core.edit.merge import merge_values
from vidgenie.core.edit.size import check_size
from vidgenie.core.edit.wording import cut, nearest, one_of, pointer, quoted
from vidgenie.errors import EditInvalid, MergeFieldsMissing, Problem

FIELDS_MAX = 500
"""Fields of one template: more than any form shows."""

TYPES: dict[str, tuple[type, ...]] = {
    "any": (object,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}

_MEMBERS: dict[str, type] = {
    "find": str,
    "replace": object,
    "default": object,
    "type": str,
    "required": bool,
    "enum": list,
    "min": float,
    "max": float,
    "description": str,
    "markup": bool,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `min` and `max` bound a number, or the length of a text or a list."""

    name: str
    type: str = "any"
    required: bool = True
    default: Any = None
    enum: tuple[Any, ...] | None = None
    min: float | None = None
    max: float | None = None
    description: str | None = None
    markup: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the field as clients read it."""
        return {**asdict(self), "enum": None if self.enum is None else list(self.enum)}


def fields_of(document: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return a template's fields: those declared, then those only found, in reading order.

    Raises: EditInvalid with every wrong declaration.
    """
    check_size(document)
    declared = _declared(document.get("merge"))
    _, places = place(document)
    found = dict.fromkeys(name for name, _ in places.values())
    problems = [
        Problem(f"/merge/{index}", "unused_field", _unused(name, found))
        for index, name in enumerate(declared)
        if name not in found
    ]
    problems += [
        Problem("", "wrong_value", f"the placeholder {quoted(name)} needs a name without `|`")
        for name in found
        if not name or "|" in name or len(name) > limits.NAME_MAX
    ]
    names = [*declared, *(name for name in found if name not in declared)]
    if len(names) > FIELDS_MAX:
        problems = [Problem("/merge", "too_many", f"a template has at most {FIELDS_MAX} fields")]
    if problems:
        raise EditInvalid(problems=problems[: limits.PROBLEMS_MAX])
    return tuple(declared.get(name) or Field(name) for name in names)


def _unused(name: str, found: Mapping[str, Any]) -> str:
    near = nearest(name, found)
    hint = f"; did you mean {{{{{near}}}}}?" if near else ""
    return f"no placeholder {{{{{cut(name)}}}}} stands in the timeline or output{hint}"


def _declared(given: Any) -> dict[str, Field]:
    if not isinstance(given, list):
        values = merge_values(given)
        return {name: Field(name, required=False, default=value) for name, value in values.items()}
    made: dict[str, Field] = {}
    problems: list[Problem] = []
    for index, entry in enumerate(given):
        wrong = list(_wrong_declaration(entry, f"/merge/{index}"))
        problems += wrong
        if wrong:
            continue
        field = _field(entry)
        wrong = [] if field.default is None else list(_wrong(field, field.default, index))
        if field.name in made:
            message = f"{quoted(field.name)} is declared twice"
            wrong.append(Problem(f"/merge/{index}/find", "wrong_value", message))
        problems += wrong
        made[field.name] = field
    if problems:
        raise EditInvalid(problems=problems[: limits.PROBLEMS_MAX])
    return made


def _wrong_declaration(entry: Any, path: str) -> Iterator[Problem]:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("find"), str):
        message = 'a field is an object with `find`, such as {"find": "name", "type": "string"}'
        yield Problem(path, "wrong_type", message)
        return
    for name, value in entry.items():
        where = path + pointer([name])
        if name not in _MEMBERS:
            near = nearest(name, _MEMBERS)
            hint = f"did you mean `{near}`?" if near else f"a field takes {', '.join(_MEMBERS)}"
            yield Problem(where, "unknown_field", f"`{cut(name)}` is not taken here; {hint}")
        elif not _is(value, _MEMBERS[name]):
            yield Problem(where, "wrong_type", f"`{name}` cannot be {quoted(value)}")
    if entry.get("type", "any") not in TYPES:
        yield Problem(f"{path}/type", "wrong_value", f"`type` is {one_of(TYPES)}")
    if "default" in entry and "replace" in entry:
        message = "`replace` and `default` mean the same; give one of them"
        yield Problem(f"{path}/default", "wrong_value", message)
    if isinstance(entry.get("description"), str) and len(entry["description"]) > limits.TEXT_MAX:
        message = f"a description has at most {limits.TEXT_MAX} characters"
        yield Problem(f"{path}/description", "too_long", message)


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return _is_number(value)
    return isinstance(value, kind)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _field(entry: Mapping[str, Any]) -> Field:
    default = entry.get("default", entry.get("replace"))
    has_default = "default" in entry or "replace" in entry
    return Field(
        name=entry["find"].strip(),
        type=entry.get("type", "any"),
        required=entry.get("required", not has_default),
        default=default,
        enum=tuple(entry["enum"]) if "enum" in entry else None,
        min=entry.get("min"),
        max=entry.get("max"),
        description=entry.get("description"),
        markup=entry.get("markup", False),
    )


def field_of(row: Mapping[str, Any]) -> Field:
    """Return a field from its JSON."""
    return Field(**{**row, "enum": None if row["enum"] is None else tuple(row["enum"])})


@dataclass(frozen=True, slots=True)
class Filling:
    """A template that is filled many times: its placeholders are found once."""

    document: Mapping[str, Any]
    fields: tuple[Field, ...]
    placed: Mapping[str, Any] = dataclass_field(init=False)
    places: Places = dataclass_field(init=False)

    def __post_init__(self) -> None:
        placed, places = place(self.document)
        object.__setattr__(self, "placed", placed)
        object.__setattr__(self, "places", places)

    def fill(
        self, given: Mapping[str, Any], *, output: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the edit of one render; `output` replaces members of the template's.

        Raises: MergeFieldsMissing naming every required field without a value; EditInvalid with
        every value that its field does not take.
        """
        by_name = {field.name: field for field in self.fields}
        _check_values(by_name, given)
        values = {name: given.get(name, field.default) for name, field in by_name.items()}
        edit = {**self.placed, "merge": _entries(self.places, by_name, values)}
        if output is not None:
            edit["output"] = {**self.placed["output"], **output}
        return edit


def fill(
    document: Mapping[str, Any], fields: tuple[Field, ...], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the edit of one render: the template's, with this render's values as its `merge`.

    Raises: as `Filling.fill`.
    """
    return Filling(document, fields).fill(given)


def _check_values(by_name: Mapping[str, Field], given: Mapping[str, Any]) -> None:
    problems = [
        Problem(f"/merge{pointer([name])}", "unknown_field", _unused(name, by_name))
        for name in given
        if name not in by_name
    ]
    for name in given.keys() & by_name.keys():
        problems += _wrong(by_name[name], given[name], name)
    if problems:
        raise EditInvalid(problems=problems[: limits.PROBLEMS_MAX])
    missing = [name for name, field in by_name.items() if field.required and name not in given]
    if missing:
        raise MergeFieldsMissing(
            f"Fields without a value: {', '.join(cut(name) for name in missing[:10])}.",
            problems=[
                Problem(f"/merge{pointer([name])}", "missing_merge_field", f"`{name}` is missing")
                for name in islice(missing, limits.PROBLEMS_MAX)
            ],
        )


def values_of_texts(fields: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values that came as texts (a table's cells) in the types of their fields.

    What cannot be read stays a text, which its field then refuses.
    """
    kinds = {field.name: field.type for field in fields}
    return {name: _of_text(kinds.get(name, "any"), value) for name, value in given.items()}


def _of_text(kind: str, value: Any) -> Any:
    if not isinstance(value, str) or kind == "string":
        return value
    if kind == "boolean":
        return {"true": True, "false": False}.get(value.strip().lower(), value)
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return value
    is_plain = kind != "any" or _is_number(read)
    return read if is_plain else value


def _entries(
    places: Places, fields: Mapping[str, Field], values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    made = []
    for placed, (name, where) in places.items():
        context = "" if fields[name].markup else where
        value = escape(values[name], context, f"/merge{pointer([name])}")
        made.append({"find": placed, "replace": value})
    return made


def _wrong(field: Field, value: Any, key: int | str) -> Iterator[Problem]:
    """Yield why a field does not take a value."""
    path = f"/merge{pointer([key])}"
    of_type = isinstance(value, TYPES[field.type])
    if field.type in ("number", "integer") and not _is_number(value):
        of_type = False
    if not of_type:
        message = f"`{cut(field.name)}` is of type {field.type}, not {quoted(value)}"
        yield Problem(path, "wrong_type", message)
        return
    if field.enum is not None and value not in field.enum:
        allowed = one_of(quoted(word) for word in islice(field.enum, 20))
        message = f"`{cut(field.name)}` is {allowed}, not {quoted(value)}"
        yield Problem(path, "wrong_value", message)
    yield from _out_of_bounds(field, value, path)


def _out_of_bounds(field: Field, value: Any, path: str) -> Iterator[Problem]:
    is_long = isinstance(value, str | list)
    measure = len(value) if is_long else value
    if not _is_number(measure):
        return
    what = f"the length of `{cut(field.name)}`" if is_long else f"`{cut(field.name)}`"
    if field.min is not None and measure < field.min:
        yield Problem(path, "too_small", f"{what} is at least {field.min:g}, not {measure:g}")
    if field.max is not None and measure > field.max:
        yield Problem(path, "too_large", f"{what} is at most {field.max:g}, not {measure:g}")
