"""Fill the placeholders of an edit: `{{name}}` in any string, before anything is validated.

Pure on raw JSON. What is filled in is data: it is never read for placeholders again.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from vidgenie.core.edit import limits
from vidgenie.core.edit.wording import cut, escape, nearest, quoted
from vidgenie.errors import EditInvalid, MergeFieldsMissing, Problem

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
"""Blanks around the name are cut off after the match: a pattern for them would take square time."""

MERGED = ("timeline", "output", "callback")
"""The parts of an edit in which placeholders are filled."""

PATHS_SHOWN = 5
"""Places of one missing placeholder that its message names."""

NAMES_SHOWN = 10
"""Missing placeholders that the error's own message names; its problems name them all."""

_FIELD = '{"find": "name", "replace": value}'


def merge(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with every placeholder filled from `values`.

    A string that is one placeholder and nothing else takes the value with its JSON type.
    Raises: MergeFieldsMissing naming every placeholder without a value; EditInvalid when the
    filled texts outgrow `MERGED_TEXT_MAX`.
    """
    filler = _Filler(values)
    merged = {
        name: filler.fill(part, f"/{escape(name)}")
        if name in MERGED and _has_placeholder(part)
        else part
        for name, part in document.items()
    }
    if filler.missing:
        problems = tuple(islice(_missing(filler.missing, values), limits.PROBLEMS_MAX))
        names = ", ".join(f"{{{{{cut(name)}}}}}" for name in islice(filler.missing, NAMES_SHOWN))
        more = len(filler.missing) - NAMES_SHOWN
        message = f"Placeholders without a value: {names}{f' and {more} more' if more > 0 else ''}."
        raise MergeFieldsMissing(message, problems=problems)
    return merged


def _has_placeholder(part: Any) -> bool:
    """Tell whether a part needs the walk that knows its places: most parts of most edits do not."""
    level = [part]
    while level:
        inner: list[Any] = []
        for value in level:
            if isinstance(value, str):
                if "{{" in value:
                    return True
            elif isinstance(value, Mapping):
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        level = inner
    return False


def left_literal(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the placeholders that the document's own `merge` leaves, each as it is written.

    Given as values, they stay where they are as plain text.
    Raises: EditInvalid when `merge` cannot be read.
    """
    filler = _Filler(merge_values(document.get("merge")))
    for name in MERGED:
        filler.fill(document.get(name), f"/{name}")
    return {name: f"{{{{{filler.spelled[name]}}}}}" for name in filler.missing}


def merge_values(given: Any) -> dict[str, Any]:
    """Read an edit's own `merge`: Shotstack's list of find and replace, or an object.

    Raises: EditInvalid when it is neither, with every wrong entry.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {name.strip(): value for name, value in given.items()}
    if not isinstance(given, list):
        message = "`merge` must be a list of {find, replace} or an object of names and values"
        raise EditInvalid(problems=[Problem("/merge", "wrong_type", message)])
    problems = [
        problem for index, entry in enumerate(given) for problem in _entry(entry, f"/merge/{index}")
    ]
    if problems:
        raise EditInvalid(problems=problems[: limits.PROBLEMS_MAX])
    return {entry["find"].strip(): entry["replace"] for entry in given}


def _entry(entry: Any, path: str) -> Iterator[Problem]:
    """Yield what is wrong with one merge field."""
    if not isinstance(entry, Mapping):
        yield Problem(path, "wrong_type", f"a merge field is an object: {_FIELD}")
        return
    if not isinstance(entry.get("find"), str):
        code = "wrong_type" if "find" in entry else "missing"
        yield Problem(f"{path}/find", code, f"`find` must be the placeholder's name: {_FIELD}")
    if "replace" not in entry:
        message = f"the merge field {quoted(entry.get('find'))} has no `replace`"
        yield Problem(f"{path}/replace", "missing", message)
    for name in entry:
        if name not in ("find", "replace"):
            message = f"`{cut(name)}` is not part of a merge field, which is {_FIELD}"
            yield Problem(f"{path}/{escape(name)}", "unknown_field", message)


@dataclass
class _Filler:
    """Walks a document; recursion is bounded because its depth was checked before."""

    values: Mapping[str, Any]
    missing: dict[str, list[str]] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def fill(self, value: Any, path: str) -> Any:
        if isinstance(value, str):
            return self._fill_text(value, path) if "{{" in value else value
        if isinstance(value, Mapping):
            return {
                name: self.fill(entry, f"{path}/{escape(name)}") for name, entry in value.items()
            }
        if isinstance(value, list):
            return [self.fill(entry, f"{path}/{index}") for index, entry in enumerate(value)]
        return value

    def _fill_text(self, text: str, path: str) -> Any:
        whole = PLACEHOLDER.fullmatch(text)
        if whole:
            return self._value(whole[1], path)
        return PLACEHOLDER.sub(lambda match: self._text(match[1], path), text)

    def _value(self, written: str, path: str) -> Any:
        name = written.strip()
        if name in self.values:
            return self.values[name]
        paths = self.missing.setdefault(name, [])
        self.spelled.setdefault(name, written)
        if path not in paths[-1:]:
            paths.append(path)
        return ""

    def _text(self, name: str, path: str) -> str:
        text = _as_text(self._value(name, path))
        self.size += len(text)
        if self.size > limits.MERGED_TEXT_MAX:
            message = (
                f"filling the placeholders makes more than {limits.MERGED_TEXT_MAX} characters;"
                " use fewer of them, or shorter values"
            )
            raise EditInvalid(message, problems=[Problem(path, "too_long", message)])
        return text


def _as_text(value: Any) -> str:
    """Return a value as it stands inside a longer text: null is nothing, lists are JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _missing(missing: Mapping[str, Sequence[str]], values: Mapping[str, Any]) -> Iterator[Problem]:
    for name, (first, *others) in missing.items():
        near = nearest(name, values)
        message = f"the placeholder {{{{{cut(name)}}}}} has no value; "
        message += (
            f"did you mean {{{{{near}}}}}?"
            if near is not None
            else f'give one in `merge`: {{"find": {quoted(name)}, "replace": …}}'
        )
        if others:
            more = len(others) - PATHS_SHOWN
            message += f" (also at {', '.join(others[:PATHS_SHOWN])}"
            message += f" and {more} more)" if more > 0 else ")"
        yield Problem(first, "missing_merge_field", message)
