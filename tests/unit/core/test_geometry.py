"""Fits, maps and even boxes, against numbers worked out by hand."""

import pytest

from vidgenie.core.geometry import Affine, Rect, Size, fit_scales

HD = Size(1280, 720)


@pytest.mark.parametrize(
    ("fit", "scales"),
    [
        ("crop", (2.0, 2.0)),  # 640 wide must become 1280
        ("contain", (1.5, 1.5)),  # 480 high must become 720
        ("cover", (2.0, 1.5)),  # stretched both ways
        ("none", (1.0, 1.0)),
    ],
)
def test_fit_scales_of_4_by_3_in_16_by_9(fit: str, scales: tuple[float, float]) -> None:
    assert fit_scales(Rect(0, 0, 640, 480), HD, fit) == scales


def test_maps_are_chained_in_reading_order() -> None:
    both = Affine.scaling(2, 3).then(Affine.translation(10, 20))
    assert both.apply(1, 1) == (12, 23)
    x, y = both.inverse().apply(12, 23)
    assert (x, y) == pytest.approx((1, 1))


def test_rotation_is_clockwise_on_the_screen() -> None:
    x, y = Affine.rotation(90).apply(1, 0)
    assert (x, y) == pytest.approx((0, 1))  # y points down: right turns to down
    assert not Affine.rotation(90).is_upright
    assert Affine.scaling(2, 2).is_upright
    assert not Affine.scaling(-1, 1).is_upright


def test_pixel_bounds_are_even_and_inside_the_frame() -> None:
    assert Rect(3.5, 5.2, 10, 10).pixels(HD) == (2, 4, 14, 16)
    assert Rect(-5, -5, 20, 20).pixels(HD) == (0, 0, 16, 16)
    assert Rect(1270, 700, 100, 100).pixels(HD) == (1270, 700, 1280, 720)
    assert Rect(0, 0, 1280, 720).pixels(HD) == (0, 0, 1280, 720)


def test_covering_forgives_rounding_only() -> None:
    frame = Rect.of(HD)
    assert Rect(-1e-9, 0, 1280, 720).covers(frame)
    assert not Rect(0.01, 0, 1280, 720).covers(frame)
