"""Tweens as EDIT.md says: linear towards the first, between, and held after the last."""

import pytest

from vidgenie.core.tween import EASINGS, Curve, Step, ease


def test_a_curve_leads_to_its_steps_and_holds_after_them() -> None:
    curve = Curve.of(0.0, [Step(3.0, 1.0, 6.0, 8.0), Step(1.0, 1.0, 2.0, 4.0)])
    points = {0.0: 0.0, 0.5: 1.0, 1.0: 2.0, 1.5: 3.0, 2.0: 4.0, 2.5: 5.0, 3.5: 7.0, 9.0: 8.0}
    assert {t: curve.value_at(t) for t in points} == pytest.approx(points)


def test_a_constant_step_holds_and_jumps() -> None:
    curve = Curve.of(1.0, [Step(0.0, 1.0, 0.25, 0.75, "constant")])
    assert curve.value_at(0.999) == 0.25
    assert curve.value_at(1.0) == 0.75


@pytest.mark.parametrize(
    ("name", "progress", "value"),
    [
        # cubic-bezier values as browsers compute them, to four places
        ("ease", 0.5, 0.8024),
        ("easeIn", 0.5, 0.3154),
        ("easeOut", 0.5, 0.6846),
        ("easeInOut", 0.25, 0.1292),
        ("easeInOut", 0.5, 0.5),
    ],
)
def test_easings_at_known_points(name: str, progress: float, value: float) -> None:
    assert ease(name, progress) == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize("name", sorted(EASINGS))
def test_every_easing_begins_at_0_and_ends_at_1(name: str) -> None:
    assert (ease(name, 0.0), ease(name, 1.0)) == (0.0, 1.0)
    assert ease(name, 1e-6) == pytest.approx(0.0, abs=1e-3)
    assert ease(name, 1 - 1e-6) == pytest.approx(1.0, abs=1e-3)


def test_only_equal_values_are_constant() -> None:
    assert Curve.constant(3.0).is_constant
    assert Curve.of(1.0, [Step(0, 1, 1.0, 1.0)]).is_constant
    assert not Curve.of(1.0, [Step(0, 1, 0.0, 1.0)]).is_constant
