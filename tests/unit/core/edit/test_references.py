"""Aliases and chains: known, unique, not in circles, and not beyond the longest output."""

from typing import Any

import pytest

from documents import clip, edit, problem, problems
from vidgenie.core.edit.parse import parse
from vidgenie.core.edit.references import Moment, in_order, needs_of


def at(index: int, name: str) -> str:
    return f"/timeline/tracks/0/clips/{index}/{name}"


def test_references_are_accepted_forwards_and_backwards() -> None:
    parse(
        edit(
            clip(start="alias://later", length="alias://later"),
            clip(start="auto", length="end"),
            clip(alias="later", start=3, length="auto"),
        )
    )


def test_unknown_names_get_the_nearest() -> None:
    found = problem(edit(clip(alias="intro"), clip(start="alias://intor")))
    assert (found.path, found.code) == (at(1, "start"), "unknown_alias")
    assert found.message == 'no clip has the alias "intor"; did you mean "intro"?'
    assert problem(edit(clip(length="alias://a"))).message.endswith("give that clip an `alias`")


def test_names_are_unique() -> None:
    found = problem(edit(clip(alias="a"), clip(alias="a")))
    assert (found.path, found.code) == (at(1, "alias"), "duplicate")
    assert "/timeline/tracks/0/clips/0" in found.message


@pytest.mark.parametrize(
    ("clips", "path"),
    [
        ([clip(alias="a", start="alias://a")], at(0, "start")),
        (
            [clip(alias="a", length="alias://b"), clip(alias="b", length="alias://a")],
            at(0, "length"),
        ),
        ([clip(start="alias://b"), clip(alias="b", start="auto")], at(0, "start")),
        (
            [
                clip(start="alias://b", length="end"),
                clip(start="auto"),
                clip(alias="b", start="auto"),
            ],
            at(0, "start"),
        ),
    ],
)
def test_circles_are_told_once(clips: list[dict[str, Any]], path: str) -> None:
    found = problem(edit(*clips))
    assert (found.path, found.code) == (path, "circular_reference")
    assert "hangs on itself" in found.message


def test_what_only_follows_a_circle_is_not_in_it() -> None:
    clips = [clip(alias="x", start="alias://a"), clip(alias="a", start="alias://a")]
    assert problem(edit(*clips)).path == at(1, "start")


def test_two_circles_are_two_problems() -> None:
    clips = [clip(alias="a", start="alias://a"), clip(alias="b", length="alias://b")]
    assert [one.path for one in problems(edit(*clips))] == [at(0, "start"), at(1, "length")]


def test_long_chains_need_no_recursion() -> None:
    parse(edit(*[clip(start="auto")] * 2000))
    chain = [clip(alias=f"c{n}", start=f"alias://c{n + 1}") for n in range(1999)]
    parse(edit(*chain, clip(alias="c1999")))
    found = problem(edit(*chain, clip(alias="c1999", start="alias://c0")))
    assert found.code == "circular_reference"
    assert len(found.message) < 500


def test_moments_come_after_what_they_need() -> None:
    document = edit(clip(start="alias://b"), clip(alias="b", start="auto"), clip(start="auto"))
    document["timeline"]["tracks"][0]["clips"][0]["start"] = 1
    needs = needs_of(parse(document).timeline)
    order, circles = in_order(needs)
    assert not circles
    assert sorted(order) == sorted(needs)
    place = {moment: number for number, moment in enumerate(order)}
    assert all(place[step] < place[moment] for moment in needs for step in needs[moment])
    assert needs[Moment(0, 2, "start")] == (Moment(0, 1, "start"), Moment(0, 1, "length"))


@pytest.mark.parametrize(
    ("clips", "path"),
    [
        ([clip(start=10_000, length=801)], at(0, "length")),
        ([clip(length=5000), clip(start="auto", length=5801)], at(1, "length")),
        ([clip(alias="a", start=10_799), clip(start="alias://a", length=3)], at(0, "length")),
        ([clip(start=10_801, length="auto")], at(0, "length")),
    ],
)
def test_nothing_ends_after_three_hours(clips: list[dict[str, Any]], path: str) -> None:
    found = problem(edit(*clips))
    assert (found.path, found.code) == (path, "out_of_range")
    assert "at most 10800 s (3 hours) long" in found.message


def test_three_hours_are_accepted() -> None:
    parse(edit(clip(length=5400), clip(start="auto", length=5400)))
