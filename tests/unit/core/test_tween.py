"""Easings against a second solver, and the list of them against the one that edits may use."""

from itertools import pairwise
from math import cos, pi, sqrt
from typing import get_args

import pytest

from vidgenie.core.edit.model import AnyEasing
from vidgenie.core.tween import EASINGS, Curve, Step, ease


def bisected(name: str, progress: float) -> float:
    """The Bézier curve by plain bisection: slower, and surely right."""
    x1, y1, x2, y2 = EASINGS[name]

    def at(first: float, second: float, t: float) -> float:
        return 3 * first * (1 - t) ** 2 * t + 3 * second * (1 - t) * t**2 + t**3

    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if at(x1, x2, middle) < progress else (low, middle)
    return at(y1, y2, low)


@pytest.mark.parametrize("name", sorted(EASINGS))
def test_easings_are_solved_to_nine_places(name: str) -> None:
    # a vertical tangent at one half: there doubles themselves are good for five places only
    places = 1e-5 if name == "easeInOutExpo" else 1e-9
    for step in range(1, 200):
        progress = step / 200
        assert ease(name, progress) == pytest.approx(bisected(name, progress), abs=places), progress


def test_edits_may_name_exactly_the_easings_there_are() -> None:
    assert set(get_args(AnyEasing)) == set(EASINGS)
    assert len(EASINGS) == 28 + 1, "the vendor's, and linear"


PENNER = {
    "Quad": lambda t: t**2,
    "Cubic": lambda t: t**3,
    "Quart": lambda t: t**4,
    "Quint": lambda t: t**5,
    "Sine": lambda t: 1 - cos(t * pi / 2),
    "Expo": lambda t: 2 ** (10 * t - 10),
    "Circ": lambda t: 1 - sqrt(1 - t * t),
    "Back": lambda t: 2.70158 * t**3 - 1.70158 * t * t,
}
"""The formulas that the control points approximate (R. Penner, 2001)."""


@pytest.mark.parametrize("family", PENNER)
def test_control_points_are_near_the_formulas_they_stand_for(family: str) -> None:
    first = PENNER[family]
    forms = {
        "In": first,
        "Out": lambda t: 1 - first(1 - t),
        "InOut": lambda t: first(2 * t) / 2 if t < 0.5 else 1 - first(2 - 2 * t) / 2,
    }
    for form, formula in forms.items():
        name = f"ease{form}{family}"
        errors = [abs(ease(name, step / 100) - formula(step / 100)) for step in range(101)]
        # the customary points of easeOutCirc are the farthest from their formula
        assert sum(errors) / len(errors) < (0.09 if name == "easeOutCirc" else 0.05), name


def test_only_the_back_easings_leave_their_bounds() -> None:
    for name in EASINGS:
        values = [ease(name, step / 100) for step in range(101)]
        leaves = min(values) < -1e-9 or max(values) > 1 + 1e-9
        assert leaves == name.endswith("Back"), name


def test_a_bezier_step_eases_between_its_values() -> None:
    curve = Curve.of(0.0, [Step(2.0, 4.0, 10.0, 20.0, "bezier", "easeInQuad")])
    assert curve.value_at(3.0) == pytest.approx(10 + 10 * bisected("easeInQuad", 0.25))


def test_steps_that_touch_do_not_jump_in_between() -> None:
    curve = Curve.of(1.0, [Step(0.0, 1.0, 1.0, 2.0), Step(1.0, 1.0, 2.0, 5.0)])
    values = [curve.value_at(step / 1000) for step in range(2001)]
    assert max(abs(two - one) for one, two in pairwise(values)) < 0.004


def test_boundaries_are_the_edges_of_steps() -> None:
    curve = Curve.of(0.0, [Step(3.0, 1.0, 0.0, 1.0), Step(1.0, 0.5, 0.0, 1.0)])
    assert curve.boundaries == (1.0, 1.5, 3.0, 4.0)
