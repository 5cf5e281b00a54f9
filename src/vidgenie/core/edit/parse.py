"""From raw JSON to an `Edit`, or every problem at once.

size limits → merge → conditions → models → rules
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from pydantic import ValidationError

from vidgenie.core.edit import limits
from vidgenie.core.edit.conditions import without_left_out
from vidgenie.core.edit.merge import merge, merge_values
from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.problems import problems_of
from vidgenie.core.edit.rules import check
from vidgenie.core.edit.salvage import salvage
from vidgenie.core.edit.size import check_size
from vidgenie.core.edit.wording import cut, keys_in, pointer, quoted
from vidgenie.errors import EditInvalid, Problem


def parse(document: Any, *, allow_local: bool = False) -> Edit:
    """Return the edit a document means.

    Paths of problems point into the document as it was sent. `allow_local` lets sources be local
    files: only the command line may.
    Raises: EditInvalid with every problem; MergeFieldsMissing naming every empty placeholder.
    """
    if not isinstance(document, Mapping):
        message = f"an edit is an object with `timeline` and `output`, not {quoted(document)}"
        raise EditInvalid(problems=[Problem("", "wrong_type", message)])
    check_size(document)
    values = merge_values(document.get("merge"))
    merged = merge(document, values)
    if values:
        check_size(merged)  # a value that is filled in at many places counts at each
    merged = without_left_out(merged)
    try:
        edit = Edit.model_validate(merged)
        found = list(islice(check(edit, allow_local=allow_local), limits.PROBLEMS_MAX))
    except ValidationError as error:
        found = _all_problems(error, merged, allow_local=allow_local)
    if found:
        problems = tuple(
            _as_sent(problem, document) for problem in _in_reading_order(found, merged)
        )
        raise EditInvalid(_summary(problems), problems=problems)
    return edit


def _all_problems(
    error: ValidationError, merged: Mapping[str, Any], *, allow_local: bool
) -> list[Problem]:
    """Return what the model refuses, and what the rules say of the rest."""
    found = list(problems_of(error))
    remains = salvage(merged) if len(found) < limits.PROBLEMS_MAX else None
    if remains is not None:
        found += islice(check(remains, allow_local=allow_local), limits.PROBLEMS_MAX)
    return found[: limits.PROBLEMS_MAX]


def _in_reading_order(found: list[Problem], merged: Mapping[str, Any]) -> list[Problem]:
    """Return the problems as their places follow each other in the document; missing ones last."""

    def place(problem: Problem) -> list[float]:
        value: Any = merged
        places: list[float] = []
        for key in keys_in(problem.path):
            if isinstance(value, list):
                places.append(int(key))
                value = value[int(key)]
            elif isinstance(value, Mapping) and key in value:
                places.append(list(value).index(key))
                value = value[key]
            else:
                places.append(float("inf"))
        return places

    return sorted(found, key=place)


def _as_sent(problem: Problem, document: Mapping[str, Any]) -> Problem:
    """Return a problem inside a filled-in value as one of its placeholder, which was sent."""
    value: Any = document
    keys = keys_in(problem.path)
    for count, key in enumerate(keys):
        if isinstance(value, str):
            inside = pointer(keys[count:])
            message = f"in the value of {cut(value)}, at {inside}: {problem.message}"
            return Problem(pointer(keys[:count]), problem.code, message)
        if isinstance(value, list):
            value = value[int(key)]
        else:
            value = value.get(key) if isinstance(value, Mapping) else None
    return problem


def _summary(problems: tuple[Problem, ...]) -> str:
    if len(problems) == 1:
        return f"The edit has a problem: {problems[0]}"
    count = f"{len(problems)} or more" if len(problems) == limits.PROBLEMS_MAX else len(problems)
    return f"The edit has {count} problems; the first: {problems[0]}"
