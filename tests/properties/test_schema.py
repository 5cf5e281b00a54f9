"""The published schema and the models accept the same documents, right ones and spoilt ones."""

from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from documents import TEXT, clip, edit
from exceptions import WRITER
from strategies import edits, json_values
from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.edit.problems import keys_of
from vidgenie.core.edit.schema import edit_schema
from vidgenie.errors import EditInvalid

VALIDATOR = Draft202012Validator(edit_schema())

WORDS = ["36", " 1.5e1 ", "0.0", "1_0", "+1", ".5", "0x1", "nan", "", "TRUE", "yes", "auto", "1080"]
VALUES = st.sampled_from([*WORDS, None, True, 0, 1, 1.0, 0.5, -1, 1080, 10**7]) | json_values


def faults(document: Any) -> list[str]:
    """What the models refuse, but for the bounds of numbers that are written as texts."""
    try:
        Edit.model_validate(document)
    except ValidationError as error:
        return [
            f"{detail['loc']}: {detail['msg']}"
            for detail in error.errors(include_url=False)
            if not detail["type"].startswith(("less_than", "greater_than"))
            or not isinstance(reduce(getitem, keys_of(detail), document), str)
        ]
    return []


def spoil(document: Any, data: st.DataObject) -> None:
    """Change, rename, add or take out one value somewhere."""
    target = document
    while True:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if isinstance(target[key], dict | list) and data.draw(st.integers(0, 9)):
            target = target[key]
            continue
        change = data.draw(st.sampled_from(["value", "text", "take out", "rename"]))
        if change == "value":
            target[key] = data.draw(VALUES)
        elif change == "text":
            target[key] = str(target[key])
        elif change == "take out":
            del target[key]
        elif isinstance(target, dict):
            target[data.draw(st.sampled_from(["type", "x", "width", "src"]))] = target.pop(key)
        return


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(edits(), WRITER.documents()), st.integers(0, 3), st.data())
def test_schema_and_models_agree(document: Any, times: int, data: st.DataObject) -> None:
    document = deepcopy(document)
    for _ in range(times):
        spoil(document, data)
    assert VALIDATOR.is_valid(document) == (not faults(document)), faults(document)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WRITER.documents(), st.integers(1, 6), st.data())
def test_spoilt_documents_are_refused_in_words(document: Any, times: int, data: Any) -> None:
    """Nothing but `EditInvalid` comes out, with each fault once, whatever was done to an edit."""
    for _ in range(times):
        spoil(document, data)
    if data.draw(st.booleans()):
        document["merge"] = data.draw(VALUES | st.lists(VALUES, max_size=2))
    told = told_of(document)
    assert len(set(told)) == len(told)
    assert all(message and len(message) < 2_000 for _, message in told)


def told_of(document: Any) -> list[tuple[str, str]]:
    """What is told of a document: at least one thing where it is refused."""
    try:
        parse(document)
    except EditInvalid as error:
        return [(each.path, each.message) for each in error.problems] or [("", "")]
    return []


def test_texts_that_are_numbers_are_in_the_schema() -> None:
    font = {"size": "36", "weight": "700", "lineHeight": " 1.2 "}
    assert VALIDATOR.is_valid(edit(clip(asset=TEXT | {"font": font, "width": "768"})))
    assert not VALIDATOR.is_valid(edit(clip(asset=TEXT | {"font": {"size": "36px"}})))
    assert not VALIDATOR.is_valid(edit(clip(asset=TEXT | {"font": {"size": 0}})))
