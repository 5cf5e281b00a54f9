"""From a validator's errors to problems a person can mend: what was found, what is accepted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from vidgenie.core.edit import limits, model
from vidgenie.core.edit.walk import models_in
from vidgenie.core.edit.wording import cut, nearest, one_of, pointer, quoted
from vidgenie.errors import Problem

Loc = Sequence[int | str]
Keys = tuple[int | str, ...]
"""Names and numbers that lead to a value in the document."""

_ASSETS: dict[str, type[BaseModel]] = {
    get_args(kind.model_fields["type"].annotation)[0]: kind
    for kind in models_in(model.Clip.model_fields["asset"].annotation)
}
"""The class of every `type` of asset."""


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """Return one problem for each place of the document that is wrong."""
    found: dict[str, Problem] = {}
    for detail in details_of(error):
        problem = _problem(detail)
        found.setdefault(problem.path, problem)
        if len(found) == limits.PROBLEMS_MAX:
            break
    return tuple(found.values())


def details_of(error: ValidationError) -> Iterator[ErrorDetails]:
    """Yield a validator's errors, each fault once."""
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # the list is long enough; its entries are wrong, and each is told
        yield detail


def keys_of(detail: ErrorDetails) -> Keys:
    """Return an error's location in the document: its own, without the branches of unions."""
    loc = detail["loc"]
    is_user_named = detail["type"] == "extra_forbidden"
    return tuple(
        step
        for index, step in enumerate(loc)
        if (is_user_named and index == len(loc) - 1) or not _is_branch(loc, index)
    )


def _is_branch(loc: Loc, index: int) -> bool:
    """Tell whether a step names a branch of a union: `asset` has its type, others have a tag."""
    step = loc[index]
    return isinstance(step, str) and (
        (step.startswith("<") and step.endswith(">")) or (index > 0 and loc[index - 1] == "asset")
    )


def _problem(detail: ErrorDetails) -> Problem:
    keys = keys_of(detail)
    path = pointer(keys)
    name = _name(keys)
    found = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            return _unknown_field(path, detail["loc"])
        case "missing":
            return Problem(path, "missing", f"`{name}` is missing")
        case "union_tag_not_found":
            message = f"`type` is missing; it must be {one_of(_ASSETS)}"
            return Problem(f"{path}/type", "missing", message)
        case "union_tag_invalid":
            return _wrong_word(f"{path}/type", "type", found.get("type"), list(_ASSETS))
        case "literal_error":
            return _wrong_word(path, name, found, _choices(detail))
    message = f"{_subject(keys)} is {quoted(found)}; it must be {_accepted(detail, name)}"
    return Problem(path, _code(detail["type"]), message)


def _name(keys: Loc) -> str:
    return str(keys[-1]) if keys else ""


def _subject(keys: Loc) -> str:
    """Return what is wrong, in words: a field by its name, an entry by its number."""
    if keys and isinstance(keys[-1], int):
        return f"entry {keys[-1]} of `{_name(keys[:-1])}`"
    return f"`{cut(_name(keys))}`" if keys else "the edit"


def _unknown_field(path: str, loc: Loc) -> Problem:
    name = str(loc[-1])
    owner = _owner(loc[:-1])
    known = sorted(_names(owner), key=lambda known: known in _names(model.Generated))
    hint = _elsewhere(name, owner)
    if hint is None:
        # A word of generated media is never what a misspelt one of a plain clip was meant to be.
        plain = [word for word in known if word not in _names(model.Generated)]
        near = nearest(name, plain) or nearest(name, known)
        hint = f"did you mean `{near}`?" if near else f"known here: {', '.join(known)}"
    return Problem(path, "unknown_field", f"`{cut(name)}` is not a field of this object; {hint}")


def _names(kind: type[BaseModel]) -> list[str]:
    return [info.alias or field for field, info in kind.model_fields.items()]


_ALSO_CALLED = {
    "src": ("url", "uri", "source", "file", "path", "href"),
    "length": ("duration", "end", "dur"),
    "text": ("content", "caption", "title", "value"),
    "html": ("content", "body", "markup"),
    "fps": ("framerate", "frame_rate", "frameRate"),
}
"""What other formats call a field."""


def _elsewhere(name: str, owner: type[BaseModel]) -> str | None:
    """Return where a field belongs that is right, but not here; None for one that is nowhere."""
    known = _names(owner)
    for right, others in _ALSO_CALLED.items():
        if name in others and right in known:
            return f"did you mean `{right}`?"
    if owner in _ASSETS.values() and name in _names(model.Clip):
        return f"`{name}` belongs to the clip, beside `asset`"
    if owner is model.Clip and name == "type":
        return 'what a clip shows stands in its `asset`: {"asset": {"type": …}, "start": …}'
    for field, info in owner.model_fields.items():
        holder = info.alias or field
        inner = [each for each in models_in(info.annotation) if each is not model.Tween]
        # `fontSize` is `size` in `font`, as in the style sheets that people know
        begins = holder != name and name.lower().startswith(holder.lower())
        word = name[len(holder) :].lstrip("_-") if begins else name
        word = word[:1].lower() + word[1:]
        if not any(word in _names(each) for each in inner):
            continue
        if "tuple" in str(info.annotation):
            return f'`{word}` belongs to an entry of `{holder}`: "{holder}": [{{"{word}": …}}]'
        return f'`{word}` belongs into `{holder}`: "{holder}": {{"{word}": …}}'
    if owner is model.Edit and name in ("edit", "template", "data", "json"):
        return f"send what is inside `{name}` by itself: `timeline` and `output` come first"
    return None


def _wrong_word(path: str, name: str, found: Any, accepted: Sequence[str]) -> Problem:
    near = nearest(found, accepted) if isinstance(found, str) else None
    hint = f'; did you mean "{near}"?' if near else ""
    message = f"`{name}` is {quoted(found)}; it must be {one_of(accepted)}{hint}"
    return Problem(path, "unknown_value", message)


def _choices(detail: ErrorDetails) -> list[str]:
    expected = str(detail.get("ctx", {}).get("expected", ""))
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _owner(loc: Loc) -> type[BaseModel]:
    """Return the model at a location."""
    owner: type[BaseModel] = model.Edit
    for index, step in enumerate(loc):
        if isinstance(step, int) or (_is_branch(loc, index) and step not in _ASSETS):
            continue
        if _is_branch(loc, index):
            owner = _ASSETS[step]
        elif step != "asset":
            owner = _field_model(owner, step)
    return owner


def _field_model(owner: type[BaseModel], name: str) -> type[BaseModel]:
    """Return the model that a field holds, alone, in a list or as a branch."""
    for field, info in owner.model_fields.items():
        if name == (info.alias or field):
            return next(models_in(info.annotation))
    raise AssertionError(f"{owner.__name__} has no field {name}")


_TYPES = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
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

_RANGES = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
}

_LENGTHS = {
    "string_too_short": "a text that is not empty",
    "string_too_long": "a text of at most {max_length} characters",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
}

_WORDS = {
    "start": '"auto" or "alias://name"',
    "length": '"auto", "end" or "alias://name"',
    "alias": "letters, digits, - and _",
}
"""What a field takes whose text follows a pattern."""


def _accepted(detail: ErrorDetails, name: str) -> str:
    """Return what would be accepted, in words; for a union, by all its branches."""
    branch = detail["loc"][-1] if detail["loc"] else ""
    if detail["type"] == "string_pattern_mismatch":
        return f"a number, {_WORDS[name]}" if branch == "<word>" else _WORDS[name]
    said = _said(detail)
    if branch != "<number>":
        return said
    return f"{said}, {_WORDS[name]}" if name in _WORDS else f"{said} or a list of tweens"


def _said(detail: ErrorDetails) -> str:
    context: Mapping[str, Any] = detail.get("ctx", {})
    kind = detail["type"]
    if kind in _TYPES:
        return _TYPES[kind]
    if kind in _RANGES:
        bound, words = _RANGES[kind]
        return f"{words} {context[bound]:g}"
    if kind in _LENGTHS:
        return _LENGTHS[kind].format(**context)
    if kind == "value_error":
        return str(context["error"]).removeprefix("must be ")
    return detail["msg"]


def _code(kind: str) -> str:
    if kind in _TYPES or kind == "value_error":
        return "wrong_type"
    if kind in _RANGES:
        return "out_of_range"
    return "wrong_length" if kind in _LENGTHS else "wrong_value"
