"""The pause before another attempt."""

from random import Random

import pytest

from vidgenie.services.queue.verbs import BACKOFF_FIRST_S, BACKOFF_MAX_S, backoff_s


@pytest.mark.parametrize(
    ("attempt", "middle_s"),
    [(1, BACKOFF_FIRST_S), (2, 2 * BACKOFF_FIRST_S), (5, 16 * BACKOFF_FIRST_S)],
)
def test_it_doubles_with_a_fifth_of_jitter(attempt: int, middle_s: float) -> None:
    random = Random(7)
    pauses = [backoff_s(attempt, random) for _ in range(500)]
    assert 0.8 * middle_s <= min(pauses) < 0.85 * middle_s
    assert 1.15 * middle_s < max(pauses) <= 1.2 * middle_s


@pytest.mark.parametrize("attempt", [20, 2000])
def test_it_stays_below_a_limit(attempt: int) -> None:
    assert backoff_s(attempt, Random(7)) <= 1.2 * BACKOFF_MAX_S


def test_the_same_random_source_gives_the_same_pauses() -> None:
    assert backoff_s(3, Random(1)) == backoff_s(3, Random(1)) != backoff_s(3, Random(2))
