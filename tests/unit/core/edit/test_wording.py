"""What messages quote, whatever they are given."""

from typing import Any, get_args

import pytest

from vidgenie.core.edit.model import Easing, Effect, TransitionName
from vidgenie.core.edit.wording import QUOTED_MAX, cut, keys_in, nearest, one_of, pointer, quoted


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", '"a"'), (True, "true"), (None, "null"), ([1, {"ä": 2}], '[1, {"ä": 2}]'), (1.5, "1.5")],
)
def test_values_are_quoted_as_json(value: Any, text: str) -> None:
    assert quoted(value) == text


@pytest.mark.parametrize("value", ["x" * 10**6, ["x"] * 10**6, {f"{n}": n for n in range(10**5)}])
def test_large_values_are_quoted_in_part(value: Any) -> None:
    assert len(quoted(value)) == QUOTED_MAX
    assert quoted(value).endswith("…")


def test_halves_of_surrogate_pairs_become_question_marks() -> None:
    assert cut("a\ud800b") == "a?b"


def test_the_nearest_word_is_found_in_any_case() -> None:
    assert nearest("ASPECT_RATIO", ["size", "aspectRatio"]) == "aspectRatio"
    assert nearest("wobble", ["size", "aspectRatio"]) is None


def test_words_too_long_to_be_names_are_not_compared() -> None:
    """Comparing takes time with the length of the word, which a user chooses."""
    assert nearest("a" * QUOTED_MAX, ["a" * QUOTED_MAX]) is not None
    assert nearest("a" * (QUOTED_MAX + 1), ["a" * (QUOTED_MAX + 1)]) is None


def test_a_choice_of_one_is_no_choice() -> None:
    assert one_of(["mp4"]) == '"mp4"'
    assert one_of(["a", "b"]) == "one of a, b"


def test_two_letters_in_common_are_no_likeness() -> None:
    assert nearest("avi", ["mp4", "wav", "mov"]) is None
    assert nearest("scr", ["speed", "src"]) == "src"
    assert nearest("jpeg", ["png", "jpg"]) == "jpg"
    assert nearest("slide-left", ["slideLeft", "slideUp"]) == "slideLeft"


def test_many_words_are_told_in_groups() -> None:
    assert one_of(get_args(Effect)) == (
        "one of zoomIn|Out, slideLeft|Right|Up|Down (zoom…, slide… also with Slow or Fast)"
    )
    told = one_of(get_args(TransitionName))
    assert told.startswith("one of none, fade, reveal, wipeLeft|Right, slideLeft|Right|Up|Down,")
    assert len(told) < 280
    assert one_of(get_args(Easing)).count("Quad") == 1


@pytest.mark.parametrize("keys", [[], [""], ["a/b", "~1", 0, "~01"], ["timeline", "tracks", 3]])
def test_pointers_lead_back_to_their_keys(keys: list[int | str]) -> None:
    assert keys_in(pointer(keys)) == [str(key) for key in keys]
