"""From a validator's errors to problems a person can mend: what was found, what is accepted.

A union tries every branch and complains for each; here one problem is told for one place.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from vidgenie.core.edit import limits, model
from vidgenie.core.edit.merge import escape
from vidgenie.core.edit.pending import PENDING, PENDING_VALUES
from vidgenie.errors import Problem

FOUND_MAX = 80
"""Characters of a wrong value that are repeated in a message."""

NOT_YET = "is part of the edit format, but this version of VidGenie does not render it"


def problems_of(error: ValidationError, document: Any) -> tuple[Problem, ...]:
    """Return one problem for each place of the document that is wrong, in reading order."""
    by_path: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # the list is long enough; its entries are wrong, and each is told
        by_path.setdefault(_pointer(detail["loc"], document), []).append(detail)
    return tuple(_problem(path, details, document) for path, details in list(by_path.items()))[
        : limits.PROBLEMS_MAX
    ]


def _pointer(loc: Sequence[int | str], document: Any) -> str:
    """Return the JSON Pointer of an error: its location without the names of union branches."""
    keys: list[int | str] = []
    value = document
    for index, key in enumerate(loc):
        is_last = index == len(loc) - 1
        if isinstance(value, Mapping) and (key in value or (is_last and not _is_branch(key))):
            keys.append(key)
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int):
            keys.append(key)
            value = value[key] if key < len(value) else None
    return "".join(f"/{escape(str(key))}" for key in keys)


def _is_branch(key: int | str) -> bool:
    """Tell whether a step of a location names a branch of a union instead of a member."""
    return not isinstance(key, str) or "[" in key or key in {"float", "int", "str", *_ASSETS}


_ASSETS = ("video", "image", "audio", "text")


def _problem(path: str, details: list[ErrorDetails], document: Any) -> Problem:
    for detail in details:
        if detail["type"] == "extra_forbidden":
            return _unknown_field(path, detail)
        if detail["type"] == "missing":
            name = str(detail["loc"][-1])
            return Problem(path, "missing", f"`{name}` is missing")
    first = details[0]
    name = path.rsplit("/", 1)[-1]
    found = first["input"]
    if first["type"] == "union_tag_not_found":
        known = _words(_ASSETS)
        return Problem(f"{path}/type", "missing", f"`type` is missing; it is one of {known}")
    if first["type"] == "union_tag_invalid":
        found = found.get("type") if isinstance(found, Mapping) else found
        return _wrong_word(f"{path}/type", "type", found, _ASSETS)
    if first["type"] == "literal_error":
        return _wrong_word(path, name, found, _choices(first))
    accepted = list(dict.fromkeys(_accepted(detail) for detail in details))
    if len(accepted) > 1 and "a text" in accepted:
        accepted.remove("a text")  # the branch of words such as "auto": they say it better
    return Problem(
        path,
        _code(first),
        f"`{name}` is {shown(found)}; it must be {' or '.join(accepted)}",
    )


def _unknown_field(path: str, detail: ErrorDetails) -> Problem:
    name = str(detail["loc"][-1])
    owner = _owner(detail["loc"])
    if owner is not None and name in PENDING.get(owner.__name__, ()):
        return Problem(path, "not_supported_yet", f"`{name}` {NOT_YET} yet")
    known = [] if owner is None else _field_names(owner)
    near = get_close_matches(name, known, n=1, cutoff=0.6) or get_close_matches(
        name.lower(), [field.lower() for field in known], n=1, cutoff=0.6
    )
    hint = f"did you mean `{near[0]}`?" if near else f"known here: {_words(known)}"
    return Problem(path, "unknown_field", f"`{name}` is not a field of this object; {hint}")


def _wrong_word(path: str, name: str, found: Any, accepted: Sequence[str]) -> Problem:
    if isinstance(found, str) and found in PENDING_VALUES.get(name, ()):
        return Problem(path, "not_supported_yet", f'`{name}` "{found}" {NOT_YET} yet')
    near = get_close_matches(str(found), accepted, n=1, cutoff=0.6)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    message = f"`{name}` is {shown(found)}; it must be one of {_words(accepted)}{hint}"
    return Problem(path, "unknown_value", message)


def _choices(detail: ErrorDetails) -> list[str]:
    expected = str(detail.get("ctx", {}).get("expected", ""))
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _owner(loc: Sequence[int | str]) -> type[BaseModel] | None:
    """Return the model in which an error's last step would be a field."""
    owner: type[BaseModel] | None = model.Edit
    for key in loc[:-1]:
        if isinstance(key, int) or owner is None or ("[" in key):
            continue
        if key in _ASSETS and owner is model.Clip:
            owner = getattr(model, f"{key.title()}Asset")
            continue
        owner = _child(owner, key)
    return owner


def _child(owner: type[BaseModel], key: str) -> type[BaseModel] | None:
    if owner is model.Clip and key == "asset":
        return owner
    for name, info in owner.model_fields.items():
        if key in (info.alias, name):
            return next(iter(_models_in(info.annotation)), None)
    return None


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)


def _field_names(owner: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in owner.model_fields.items()]


_TYPES = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "a text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "finite_number": "a finite number",
}


def _accepted(detail: ErrorDetails) -> str:
    """Return what would be accepted, in words."""
    context: dict[str, Any] = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "tuple_type" and any("Tween" in str(step) for step in detail["loc"]):
        return "a list of tweens"
    if kind in _TYPES:
        return _TYPES[kind]
    match kind:
        case "greater_than_equal":
            return f"at least {context['ge']:g}"
        case "greater_than":
            return f"more than {context['gt']:g}"
        case "less_than_equal":
            return f"at most {context['le']:g}"
        case "string_pattern_mismatch":
            return _PATTERNS.get(context["pattern"], f"a text like {context['pattern']}")
        case "string_too_short":
            return "a text that is not empty"
        case "string_too_long":
            return f"a text of at most {context['max_length']} characters"
        case "too_short":
            return f"a list of at least {context['min_length']}"
        case "too_long":
            return f"a list of at most {context['max_length']}"
        case "value_error":
            return str(context["error"]).removeprefix("must be ")
        case _:
            return detail["msg"]


_ALIAS = r"[A-Za-z0-9_-]+"
_PATTERNS = {
    rf"^(auto|alias://{_ALIAS})$": '"auto" or "alias://name"',
    rf"^(auto|end|alias://{_ALIAS})$": '"auto", "end" or "alias://name"',
    rf"^{_ALIAS}$": "letters, digits, - and _",
}


def _code(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind in _TYPES or kind == "value_error":
        return "wrong_type"
    if kind in ("greater_than_equal", "greater_than", "less_than_equal"):
        return "out_of_range"
    return "wrong_length" if kind.endswith(("too_short", "too_long")) else "wrong_value"


def shown(value: Any) -> str:
    """Return a wrong value as it stands in the document, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= FOUND_MAX else text[: FOUND_MAX - 1] + "…"


def _words(names: Sequence[str]) -> str:
    return ", ".join(names)
