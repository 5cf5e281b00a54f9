"""Effects, presets, keyframes, turning: positions and sizes worked out by hand from EDIT.md."""

from math import cos, radians, sin, tan
from typing import Any, get_args

import pytest

from documents import IMAGE, TEXT, clip
from moving import FPS, FRAME, eased, layers, resolved
from vidgenie.core.edit.model import Effect
from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.model import Layer

WIDTH, HEIGHT = FRAME
LENGTH_S = 4.0


def at(seconds: float, size: tuple[int, int] = FRAME, **fields: Any) -> Layer:
    """One clip of 4 s, at so many seconds."""
    timeline = resolved(clip(length=LENGTH_S, **fields), size=size)
    return layers(timeline, round(seconds * FPS))["0.0"]


def center(layer: Layer) -> tuple[float, float]:
    bounds = layer.bounds
    return bounds.left + bounds.width / 2, bounds.top + bounds.height / 2


@pytest.mark.parametrize("effect", get_args(Effect))
def test_an_effect_at_its_begin_middle_and_last_frame(effect: str) -> None:
    speed = next((each for each in ("Slow", "Fast") if effect.endswith(each)), "")
    kind = effect.removesuffix(speed)
    for seconds in (0.0, 2.0, 3.96):
        layer, share = at(seconds, effect=effect), seconds / LENGTH_S
        if kind.startswith("zoom"):
            most = {"": 1.3, "Slow": 1.1, "Fast": 1.7}[speed]
            scale = 1 + (most - 1) * (share if kind == "zoomIn" else 1 - share)
            assert layer.bounds.width == pytest.approx(WIDTH * scale)
            assert center(layer) == pytest.approx((WIDTH / 2, HEIGHT / 2))
            continue
        # A picture just as large as the frame is enlarged until it can slide t either way.
        t = {"": 0.12, "Slow": 0.03, "Fast": 0.2}[speed]
        way = t * (2 * share - 1)
        across, down = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}[kind[5:]]
        assert layer.bounds.width == pytest.approx(WIDTH * (1 + 2 * t))
        assert layer.bounds.height == pytest.approx(HEIGHT * (1 + 2 * t))
        wanted = (WIDTH * (0.5 + across * way), HEIGHT * (0.5 + down * way))
        assert center(layer) == pytest.approx(wanted)


def test_a_wide_picture_slides_through_what_lies_beyond_the_frame() -> None:
    # 1600×720 fitted to 720 high overflows by 320: 160 either side, an eighth of the frame > 0.12
    for seconds, left in ((0.0, 0.0), (2.0, -160.0), (3.96, -160 + 160 * (1 - 2 * 3.96 / 4))):
        layer = at(seconds, size=(1600, 720), effect="slideLeft")
        assert layer.bounds.left == pytest.approx(left)
        assert layer.bounds.width == pytest.approx(1600)
    # 2560×1440 overflows nothing: it is enlarged as any other
    assert at(0.0, size=(2560, 1440), effect="slideLeft").bounds.left == pytest.approx(0.0)


def test_what_does_not_fill_the_frame_only_moves() -> None:
    boxed = at(0.0, effect="slideRight", width=320, height=180)
    assert boxed.bounds.width == pytest.approx(320)
    assert center(boxed)[0] == pytest.approx(WIDTH * (0.5 - 0.12))
    text = at(0.0, asset=TEXT | {"width": 200, "height": 80}, effect="slideUp")
    assert text.bounds.width == pytest.approx(200)
    assert center(text)[1] == pytest.approx(HEIGHT * (0.5 + 0.12))


def test_effect_transition_and_tween_act_at_once() -> None:
    tween = [{"from": 0.5, "to": 1.0, "start": 0, "length": 4}]
    both = {"in": "zoom", "out": "none"}
    layer = at(0.2, scale=tween, effect="zoomIn", transition=both, opacity=0.5)
    scale = (0.5 + 0.5 * 0.2 / 4) * (1 + 0.3 * 0.2 / 4) * (10 - 9 * 0.2 / 0.4)
    assert layer.bounds.width == pytest.approx(WIDTH * scale)
    assert layer.opacity == pytest.approx(0.5 * 0.2 / 0.4)
    moved = at(0.2, offset={"x": 0.1, "y": 0.2}, transition={"in": "carouselLeft"})
    assert moved.bounds.left == pytest.approx(WIDTH * (0.1 + (1 - 0.2 / 0.5)))
    assert moved.bounds.top == pytest.approx(-HEIGHT * 0.2)


def test_turning_leaning_and_mirroring_are_about_the_boxs_centre() -> None:
    box = {"width": 200, "height": 100, "fit": "cover", "position": "topLeft"}
    turned = at(0, **box, rotate=30)
    assert turned.matrix.apply(640, 360) == pytest.approx((100, 50))
    assert turned.matrix.apply(1280, 360) == pytest.approx(
        (100 + 100 * cos(radians(30)), 50 + 100 * sin(radians(30)))
    )
    both = at(0, **box, rotate=30, transform={"rotate": {"angle": 60}})
    assert both.matrix.apply(1280, 360) == pytest.approx((100, 150))
    # A skew is how far x goes with y: 0.5 moves the upper edge by half of its height above centre
    leaning = at(0, **box, transform={"skew": {"x": 0.5}})
    assert leaning.matrix.apply(640, 0) == pytest.approx((100 - 0.5 * 50, 0))
    assert at(0, **box, transform={"skew": {"y": 0.5}}).matrix.apply(0, 360) == pytest.approx(
        (0, 0)
    )
    flipped = at(0, **box, transform={"flip": {"horizontal": True}})
    assert flipped.matrix.apply(0, 0) == pytest.approx((200, 0))
    upside_down = at(0, **box, transform={"flip": {"vertical": True}})
    assert upside_down.matrix.apply(0, 0) == pytest.approx((0, 100))


def test_a_turn_tweens() -> None:
    tween = [{"from": 0, "to": 90, "start": 1, "length": 2, "interpolation": "bezier"}]
    for seconds, share in ((0.5, 0.0), (2.0, eased((0.25, 0.1, 0.25, 1), 0.5)), (3.5, 1.0)):
        x, y = at(seconds, transform={"rotate": {"angle": tween}}).matrix.apply(WIDTH, HEIGHT / 2)
        angle = radians(90 * share)
        wanted = (WIDTH / 2 * (1 + cos(angle)), HEIGHT / 2 + WIDTH / 2 * sin(angle))
        assert (x, y) == pytest.approx(wanted)


def test_offsets_in_pixels() -> None:
    moved = clip(offset={"x": 100, "y": [{"from": 0, "to": -50, "start": 0, "length": 2}]})
    timeline = resolved(moved, timeline={"units": "px"})
    bounds = layers(timeline, 25)["0.0"].bounds
    assert (bounds.left, bounds.top) == pytest.approx((100, 25))


def test_keyframes_are_held_at_both_ends_and_eased_between() -> None:
    keyframes = [
        {"time": 1, "scale": 1, "x": 0, "rotate": 0, "easing": "easeIn"},
        {"time": 2, "scale": 2, "rotate": 90},
        {"time": 3, "x": 0.5, "opacity": 0.5, "skew_x": 45, "flip_x": True},
    ]
    transform = {"keyframes": keyframes}
    before = at(0.4, transform=transform)
    assert before.opacity == 0.5
    assert before.matrix.apply(WIDTH / 2, HEIGHT / 2) == pytest.approx((WIDTH / 2, HEIGHT / 2))
    assert before.matrix.apply(0, HEIGHT / 2)[0] == pytest.approx(WIDTH), "mirrored"
    plain = [
        {k: v for k, v in each.items() if k in ("time", "scale", "x", "easing")}
        for each in keyframes
    ]
    middle = at(1.6, transform={"keyframes": plain})
    assert middle.bounds.width == pytest.approx(WIDTH * (1 + eased((0.42, 0, 1, 1), 0.6)))
    assert center(middle)[0] == pytest.approx(WIDTH * (0.5 + 0.5 * eased((0.42, 0, 1, 1), 0.3)))
    assert at(3.9, transform={"keyframes": plain}).bounds.width == pytest.approx(2 * WIDTH)
    lean = at(3.5, transform={"keyframes": [{"time": 0, "skew_x": 30}]})
    across = WIDTH / 2 - HEIGHT / 2 * tan(radians(30))
    assert lean.matrix.apply(WIDTH / 2, 0) == pytest.approx((across, 0))


def test_flips_of_keyframes_jump() -> None:
    keyframes = [{"time": 0, "flip_y": False}, {"time": 2, "flip_y": True}]
    tops = [at(s, transform={"keyframes": keyframes}).matrix.apply(0, 0)[1] for s in (1.96, 2.0)]
    assert tops == pytest.approx([0, HEIGHT])


@pytest.mark.parametrize(
    ("preset", "config", "seconds", "scale", "offset"),
    [
        # pictures pan by a tenth of the frame in all, enlarged by a tenth
        ("pan_left", {}, 0, 1.1, (0.05, 0)),
        ("pan_left", {}, 2, 1.1, (0, 0)),
        ("pan_right", {"pan_distance": 0.4}, 3.96, 1.4, (0.2 * (2 * 0.99 - 1), 0)),
        ("pan_up", {"zoom_start": 2, "zoom_end": 2}, 0, 2.0, (0, 0.05)),
        ("pan_down", {}, 0, 1.1, (0, -0.05)),
        ("zoom_in", {}, 2, 1.1, (0, 0)),
        ("zoom_out", {}, 1, 1.15, (0, 0)),
        ("zoom_in", {"zoom_start": 1, "zoom_end": 3}, 1, 1.5, (0, 0)),
        ("ken_burns", {}, 0, 1.1, (0.05, 0)),
        ("ken_burns", {}, 2, 1.2, (0, 0)),
        ("slide_in_left", {}, 0, 1.0, (-1, 0)),
        ("slide_in_right", {"pan_distance": 0.5}, 0, 1.0, (0.5, 0)),
        ("slide_in_right", {}, 2, 1.0, (0, 0)),
        ("slide_out_left", {}, 3.75, 1.0, (-0.31535, 0)),  # easeIn, half way
        ("slide_out_right", {}, 3.4, 1.0, (0, 0)),
    ],
)
def test_presets(
    preset: str, config: dict[str, float], seconds: float, scale: float, offset: tuple[float, float]
) -> None:
    moved = {"preset": preset, "preset_config": config}
    timeline = resolved(clip(length=4, transform=moved))
    layer = layers(timeline, round(seconds * FPS))["0.0"]
    at_s = round(seconds * FPS) / FPS
    assert layer.bounds.width == pytest.approx(WIDTH * scale)
    if preset == "slide_out_left":
        offset = (-eased((0.42, 0, 1, 1), (at_s - 3.5) / 0.5), 0)
    wanted = (WIDTH * (0.5 + offset[0]), HEIGHT * (0.5 + offset[1]))
    assert center(layer) == pytest.approx(wanted, abs=1e-3)


def test_opacity_beyond_its_ends_counts_as_the_end() -> None:
    fading = {"in": "fade"}
    assert at(0.5, opacity=7, transition=fading).opacity == at(0.5, transition=fading).opacity < 0.5
    late = [{"from": -1, "to": 1, "start": 0, "length": 4}]
    assert at(3.0, opacity=late).opacity == pytest.approx(0.5)
    timeline = resolved(clip(length=LENGTH_S, opacity=late))
    assert layers(timeline, FPS) == {}


@pytest.mark.parametrize("interpolation", ["linear", "bezier"])
def test_a_linear_tween_may_say_so_twice(interpolation: str) -> None:
    # as templates of the vendor write it; `ease` would stand at 1 + 0.8024 after half the time
    tween = {"from": 1, "to": 2, "length": 2, "interpolation": interpolation, "easing": "linear"}
    assert at(1.0, scale=[tween]).bounds.width == pytest.approx(1.5 * WIDTH)


def test_a_tween_that_begins_a_little_early_begins_where_the_last_one_ends() -> None:
    tweens = [
        {"from": 1, "to": 2, "length": 1},
        {"from": 2, "to": 3, "start": 0.99, "length": 1.01},
    ]
    widths = [at(seconds, scale=tweens).bounds.width for seconds in (0.96, 1.0, 1.52, 2.0)]
    assert widths == pytest.approx([1.96 * WIDTH, 2 * WIDTH, 2.52 * WIDTH, 3 * WIDTH])


def test_native_pixels_are_cut_by_the_box_a_clip_gives_and_not_by_the_frame() -> None:
    # 2000×1000 pixels: a box of 400×300 shows their middle; without one all are there to be moved
    boxed = at(1.0, (2000, 1000), fit="none", width=400, height=300, position="topLeft")
    assert boxed.source == Rect(800, 350, 400, 300)
    assert boxed.bounds == Rect(0, 0, 400, 300)
    free = at(1.0, (2000, 1000), fit="none", position="topLeft")
    assert free.bounds == Rect(0, 0, 2000, 1000)
    small = at(1.0, (100, 50), fit="none", width=400, height=300, position="topLeft")
    assert small.bounds == Rect(0, 0, 100, 50)


def test_of_a_box_with_one_side_the_other_follows_from_the_picture() -> None:
    for fit in ("crop", "contain", "cover"):
        assert at(1.0, (2000, 1000), fit=fit, width=300, position="topLeft").bounds == Rect(
            0, 0, 300, 150
        )
    asset = IMAGE | {"crop": {"left": 0.5}}
    tall = at(1.0, (2000, 1000), asset=asset, height=300, position="topLeft")
    assert tall.bounds == Rect(0, 0, 300, 300)
