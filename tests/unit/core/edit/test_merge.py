"""Placeholders: where they stand, what fills them, what is said when nothing does."""

from typing import Any

import pytest

from vidgenie.core.edit import limits
from vidgenie.core.edit.merge import merge, merge_values
from vidgenie.errors import EditInvalid, MergeFieldsMissing


def filled(text: str, **values: Any) -> Any:
    return merge({"timeline": text}, values)["timeline"]


@pytest.mark.parametrize("value", [5.2, 5, True, None, "text", [1], {"a": 1}])
def test_a_lone_placeholder_takes_the_type(value: Any) -> None:
    found = filled("{{ v }}", v=value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), (5.0, "5.0"), (True, "true"), (None, ""), ("a", "a"), ([1, "ä"], '[1, "ä"]')],
)
def test_inside_a_text_a_value_is_written_as_json_writes_it(value: Any, text: str) -> None:
    assert filled("<{{v}}>", v=value) == f"<{text}>"


def test_blanks_around_a_lone_placeholder_make_it_a_text() -> None:
    assert filled(" {{v}} ", v=5) == " 5 "


def test_names_are_exact_and_braces_alone_mean_nothing() -> None:
    assert filled("{v} {{v}} {{ v}}} {{{v}}", v="x") == "{v} x x} {x"
    with pytest.raises(MergeFieldsMissing):
        filled("{{V}}", v="x")


def test_filled_in_text_is_not_parsed_again() -> None:
    assert filled("{{a}}b}}", a="{{") == "{{b}}"
    assert filled("{{a}}", a="{{b}}", b="no") == "{{b}}"


def test_only_timeline_output_and_callback_are_filled() -> None:
    sent = dict.fromkeys(("timeline", "output", "callback", "metadata", "priority"), "{{v}}")
    merged = merge(sent, {"v": 1})
    assert merged == {
        "timeline": 1,
        "output": 1,
        "callback": 1,
        "metadata": "{{v}}",
        "priority": "{{v}}",
    }


def test_every_missing_name_is_told_with_its_places() -> None:
    document = {
        "timeline": {"a/b": ["{{ one }}", "{{two}} {{one}} {{one}}"]},
        "output": {"fps": "{{colr}}"},
    }
    with pytest.raises(MergeFieldsMissing) as caught:
        merge(document, {"color": 1})
    told = {problem.path: problem for problem in caught.value.problems}
    assert list(told) == ["/timeline/a~1b/0", "/timeline/a~1b/1", "/output/fps"]
    assert {problem.code for problem in told.values()} == {"missing_merge_field"}
    assert "{{one}}" in told["/timeline/a~1b/0"].message
    assert told["/timeline/a~1b/0"].message.endswith("(also at /timeline/a~1b/1)")
    assert "{{two}}" in told["/timeline/a~1b/1"].message
    assert "did you mean {{color}}?" in told["/output/fps"].message
    assert "{{one}}, {{two}}, {{colr}}" in caught.value.message


def test_many_missing_names_make_a_short_answer() -> None:
    with pytest.raises(MergeFieldsMissing) as caught:
        filled("".join(f"{{{{n{index}}}}}" for index in range(5000)))
    assert len(caught.value.problems) == limits.PROBLEMS_MAX
    assert "and 4990 more" in caught.value.message


@pytest.mark.parametrize(
    "text",
    ["{{" + " " * 200_000, "{{a" * 100_000, "{{ " * 100_000, "{" * 300_000, "{{a}" * 100_000],
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    """A pattern with blanks on both sides of the name needs hours for the first of these."""
    assert filled(text) == text


def test_filling_cannot_make_a_small_document_a_large_one() -> None:
    with pytest.raises(EditInvalid, match="more than 4194304 characters") as caught:
        filled("{{v}}" * 50_000, v="x" * 50_000)
    assert caught.value.problems[0].path == "/timeline"


def test_both_forms_of_values_are_read() -> None:
    assert merge_values(None) == {}
    assert merge_values({" a ": 1, "b": None}) == {"a": 1, "b": None}
    assert merge_values([{"find": " a ", "replace": 1}, {"find": "a", "replace": 2}]) == {"a": 2}


@pytest.mark.parametrize("given", ["a", 3, True])
def test_values_of_another_form_are_refused(given: Any) -> None:
    with pytest.raises(EditInvalid) as caught:
        merge_values(given)
    assert [problem.path for problem in caught.value.problems] == ["/merge"]


def test_every_wrong_entry_is_told() -> None:
    entries = [
        {"find": "a"},
        {"replace": 1},
        {"find": 1, "replace": 1},
        3,
        {"find": "a", "replace": 1, "repalce": 2},
        {"find": "good", "replace": None},
    ]
    with pytest.raises(EditInvalid) as caught:
        merge_values(entries)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("/merge/0/replace", "missing"),
        ("/merge/1/find", "missing"),
        ("/merge/2/find", "wrong_type"),
        ("/merge/3", "wrong_type"),
        ("/merge/4/repalce", "unknown_field"),
    ]
