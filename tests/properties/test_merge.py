"""Filling placeholders moves values in, and changes nothing else."""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from strategies import json_values
from vidgenie.core.edit.merge import merge

NAMES = ("a", "NAME", "two words", "x.y")

blanks = st.sampled_from(["", " ", "\t ", "   "])
names = st.sampled_from(NAMES)
plain = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=10)


@st.composite
def placeholders(draw: st.DrawFn) -> str:
    """One placeholder, blanks inside its braces allowed."""
    return f"{{{{{draw(blanks)}{draw(names)}{draw(blanks)}}}}}"


templates = st.lists(plain | placeholders(), max_size=6).map("".join)
documents = st.recursive(
    templates | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain, inner, max_size=4),
    max_leaves=15,
)


@given(json_values, names, blanks)
def test_a_lone_placeholder_takes_the_value_with_its_type(
    value: Any, name: str, blank: str
) -> None:
    text = f"{{{{{blank}{name}{blank}}}}}"
    merged = merge({"timeline": [{"deep": text}]}, {name: value})
    assert merged["timeline"][0]["deep"] == value
    assert type(merged["timeline"][0]["deep"]) is type(value)


@settings(max_examples=300)
@given(documents, st.fixed_dictionaries({name: st.just("") for name in NAMES}))
def test_empty_values_leave_exactly_the_text_around(document: Any, values: dict[str, str]) -> None:
    merged = merge({"timeline": document}, values)
    assert merged["timeline"] == without_placeholders(document)


def without_placeholders(value: Any) -> Any:
    """The document as another reader of the rules would make it."""
    if isinstance(value, str):
        return re.sub(r"\{\{[^{}]*\}\}", "", value)
    if isinstance(value, dict):
        return {name: without_placeholders(entry) for name, entry in value.items()}
    return [without_placeholders(entry) for entry in value] if isinstance(value, list) else value


@given(documents)
def test_what_is_filled_in_is_never_read_again(document: Any) -> None:
    """Merging never widens: a value that names another field stays what it is."""
    wrapped = {"timeline": [document, "{{a}}", "<{{a}}>"]}
    merged = merge(wrapped, dict.fromkeys(NAMES, "{{SECRET}}") | {"SECRET": "leaked"})
    assert merged["timeline"][1:] == ["{{SECRET}}", "<{{SECRET}}>"]
    assert "leaked" not in str(merged)


@given(documents)
def test_the_document_and_what_is_not_merged_stay_as_they_are(document: Any) -> None:
    sent = {"timeline": document, "metadata": {"kept": "{{a}}"}, "merge": ["{{a}}"]}
    before = repr(sent)
    merged = merge(sent, dict.fromkeys(NAMES, 1))
    assert repr(sent) == before
    assert merged["metadata"] == {"kept": "{{a}}"}
    assert merged["merge"] == ["{{a}}"]
