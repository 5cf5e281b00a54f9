"""What Shotstack accepts is accepted, but for what `tests/exceptions.py` lists with its rule."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from exceptions import EXCEPTIONS, WRITER
from shotstack import FACTS, LEFT_OUT, Exceptional, embedded
from vidgenie.core.edit import artifacts, limits, rules
from vidgenie.core.edit.parse import parse
from vidgenie.errors import EditInvalid, Problem

ASKED_FOR = {"not_supported_yet", "no_provider"}
"""What is understood and still refused, by name: `pending.py`."""


def refusals(document: Any) -> list[Problem]:
    """What is told of a document, but for what this version does not render yet."""
    try:
        parse(document)
    except EditInvalid as error:
        return [problem for problem in error.problems if problem.code not in ASKED_FOR]
    return []


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WRITER.documents())
def test_what_shotstack_accepts_is_accepted(document: dict[str, Any]) -> None:
    assert not refusals(document)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_the_least_of_every_object_is_accepted(name: str) -> None:
    assert not refusals(embedded(name, WRITER.least(name), WRITER.least))


@pytest.mark.parametrize("one", EXCEPTIONS, ids=lambda one: one.place)
def test_every_exception_is_one_and_its_rule_exists(one: Exceptional) -> None:
    stated = f"{rules.__doc__}{artifacts.__doc__}".split() + dir(limits)
    assert one.rule in stated, "a rule that no list has"
    name, field = one.tried_at
    if fnmatchcase(f"{name}.{field}", one.place):
        assert WRITER.exception(f"{name}.{field}") is one, "another entry stands before it"
    value = WRITER.least(name)
    if one.refused is LEFT_OUT:
        value.pop(field, None)
    else:
        value[field] = one.refused
    assert refusals(embedded(name, value, WRITER.least)), "taken after all: leave the entry out"
