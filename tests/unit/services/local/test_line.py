"""A line of chunks is taken once each, by neighbours."""

from hypothesis import given
from hypothesis import strategies as st

from vidgenie.services.local.line import Line


def test_two_takers_share_a_line_by_halves() -> None:
    line = Line(8)
    first, second = line.take(), line.take()
    assert (first, second) == (0, 4)
    assert [line.take(first), line.take(second)] == [1, 5]
    # What is left is [2, 4) and [6, 8), each approached: a third taker begins within one.
    assert line.take() == 3
    assert Line(0).take() is None


@given(st.integers(0, 30), st.lists(st.integers(0, 3)))
def test_every_place_is_taken_once(count: int, order: list[int]) -> None:
    line = Line(count)
    last: dict[int, int | None] = {}
    taken = []
    for taker in [*order, *[0] * count]:
        place = line.take(last.get(taker))
        last[taker] = place if place is not None else last.get(taker)
        if place is not None:
            taken.append(place)
    assert sorted(taken) == list(range(count))
