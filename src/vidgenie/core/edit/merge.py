"""Fill the placeholders of an edit: `{{name}}` in any string, before anything is validated.

Pure on raw JSON. What is filled in is data: it is never read for placeholders again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vidgenie.errors import EditInvalid, MergeFieldsMissing, Problem

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")

MERGED = ("timeline", "output", "callback")
"""The parts of an edit in which placeholders are filled."""


def merge(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with every placeholder filled from `values`.

    A string that is one placeholder and nothing else takes the value with its JSON type.
    Raises: MergeFieldsMissing naming every placeholder without a value.
    """
    filler = _Filler(values)
    merged = {
        name: filler.fill(part, f"/{escape(name)}") if name in MERGED else part
        for name, part in document.items()
    }
    if filler.missing:
        raise MergeFieldsMissing(problems=tuple(_missing(filler.missing)))
    return merged


def merge_values(given: Any) -> dict[str, Any]:
    """Read an edit's own `merge`: Shotstack's list of find and replace, or an object.

    Raises: EditInvalid when it is neither.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return dict(given)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    if not isinstance(given, Sequence) or isinstance(given, str):
        message = "`merge` must be a list of {find, replace} or an object of names and values"
        raise EditInvalid(problems=[Problem("/merge", "wrong_type", message)])
    for index, entry in enumerate(given):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("find"), str):
            message = 'a merge field is {"find": "name", "replace": value}'
            problems.append(Problem(f"/merge/{index}", "wrong_type", message))
        elif "replace" not in entry:
            message = f"the merge field {entry['find']!r} has no `replace`"
            problems.append(Problem(f"/merge/{index}/replace", "missing", message))
        else:
            values[entry["find"].strip()] = entry["replace"]
    if problems:
        raise EditInvalid(problems=problems)
    return values


def escape(name: str) -> str:
    """Return a member name as a token of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


@dataclass
class _Filler:
    """Walks a document; recursion is bounded because its depth was checked before."""

    values: Mapping[str, Any]
    missing: dict[str, str] = field(default_factory=dict)

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
        whole = PLACEHOLDER.fullmatch(text.strip())
        if whole:
            return self._value(whole[1], path)
        return PLACEHOLDER.sub(lambda match: _as_text(self._value(match[1], path)), text)

    def _value(self, name: str, path: str) -> Any:
        if name not in self.values:
            self.missing.setdefault(name, path)
            return ""
        return self.values[name]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _missing(missing: Mapping[str, str]) -> Iterator[Problem]:
    for name, path in missing.items():
        message = (
            f"the placeholder {{{{{name}}}}} has no value; give one in `merge`:"
            f' {{"find": "{name}", "replace": …}}'
        )
        yield Problem(path, "missing_merge_field", message)
