"""Where a clip stands, which frame of its source it shows: numbers worked out by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest

from vidgenie.core.color import Color
from vidgenie.core.geometry import ANCHORS, Rect, Size
from vidgenie.core.timebase import FrameRange, FrameRate
from vidgenie.core.timeline.facts import FrameTimes
from vidgenie.core.timeline.layers import visible
from vidgenie.core.timeline.model import (
    FrameOf,
    ImageContent,
    Layer,
    Motion,
    PlacedClip,
    ResolvedTimeline,
    VideoContent,
)
from vidgenie.core.timeline.picture import picture_at
from vidgenie.core.tween import Curve, Step

HD = Size(1280, 720)
LOGO = PlacedClip(
    name="0.0",
    frames=FrameRange(0, 50),
    content=ImageContent("logo.png"),
    source=Rect(0, 0, 1000, 500),
    fit=(1.0, 1.0),
    anchor=ANCHORS["center"],
    motion=Motion(scales=(Curve.constant(0.2),)),
    is_opaque=True,
)


def timeline(*clips: PlacedClip) -> ResolvedTimeline:
    return ResolvedTimeline(HD, FrameRate(25), FrameRange(0, 50), Color(0, 0, 0), clips)


def layer(clip: PlacedClip, frame: int = 0) -> Layer:
    return picture_at(timeline(clip), frame).layers[0]


@pytest.mark.parametrize(
    ("position", "left", "top"),
    [
        ("topLeft", 0, 0),
        ("top", 540, 0),
        ("topRight", 1080, 0),
        ("left", 0, 310),
        ("center", 540, 310),
        ("right", 1080, 310),
        ("bottomLeft", 0, 620),
        ("bottom", 540, 620),
        ("bottomRight", 1080, 620),
    ],
)
def test_the_scaled_part_touches_the_named_edge(position: str, left: float, top: float) -> None:
    bounds = layer(replace(LOGO, anchor=ANCHORS[position])).bounds
    assert (bounds.left, bounds.top) == pytest.approx((left, top))
    assert (bounds.width, bounds.height) == pytest.approx((200, 100))


def test_offsets_are_fractions_of_the_frame_and_y_goes_up() -> None:
    moved = Motion(
        scales=(Curve.constant(0.2),),
        offsets_x=(Curve.constant(0.1),),
        offsets_y=(Curve.constant(0.25), Curve.constant(-0.05)),
    )
    bounds = layer(replace(LOGO, motion=moved)).bounds
    assert (bounds.left, bounds.top) == pytest.approx((540 + 128, 310 - 0.2 * 720))


def test_a_tween_moves_within_the_clips_own_time() -> None:
    slide = Curve.of(0.0, [Step(0.4, 0.8, 0.0, 1.0)])
    clip = replace(LOGO, frames=FrameRange(10, 50), motion=Motion(offsets_x=(slide,)))
    middle = layer(clip, 10 + 20).bounds.left  # 0.8 s into the clip: half of the tween
    assert middle == pytest.approx((1280 - 1000) / 2 + 0.5 * 1280)


def test_the_source_frame_is_the_one_whose_interval_holds_the_time() -> None:
    times = FrameTimes(100, FrameRate(30))
    content = VideoContent("a.mp4", Fraction(1), times)
    clip = replace(LOGO, frames=FrameRange(5, 50), content=content)
    shown = [layer(clip, frame).drawable for frame in (5, 6, 7, 8)]
    # 25 fps over 30 fps from 1 s on: 30, 31.2, 32.4, 33.6 rounded down
    assert shown == [FrameOf("a.mp4", n) for n in (30, 31, 32, 33)]


def test_the_last_frame_is_held_when_the_source_ends() -> None:
    content = VideoContent("a.mp4", Fraction(0), FrameTimes(3, FrameRate(25)))
    clip = replace(LOGO, content=content)
    assert layer(clip, 40).drawable == FrameOf("a.mp4", 2)


def test_coarse_clocks_do_not_repeat_frames() -> None:
    # Matroska writes 30 fps in milliseconds: 0, 33, 67, 100 …
    ticks = tuple(round(n * 1000 / 30) for n in range(30))
    times = FrameTimes(30, FrameRate(30), ticks, 1000)
    assert [times.index_at(Fraction(n, 30)) for n in range(30)] == list(range(30))


def test_what_cannot_be_seen_is_left_out() -> None:
    cover = replace(LOGO, name="top", source=Rect(0, 0, 1280, 720), motion=Motion())
    away = replace(LOGO, name="away", motion=Motion(offsets_x=(Curve.constant(2.0),)))
    faded = replace(LOGO, name="faded", motion=Motion(opacities=(Curve.constant(0.0),)))
    picture = picture_at(timeline(LOGO, cover, away, faded), 0)
    assert [shown.clip for shown in visible(picture)] == ["top"]
    half = replace(cover, motion=Motion(opacities=(Curve.constant(0.5),)))
    assert len(visible(picture_at(timeline(LOGO, half), 0))) == 2


@pytest.mark.parametrize(
    ("speed", "looped", "shown"),
    [
        (Fraction(1), False, [10, 11, 20, 29, 29]),
        (Fraction(2), False, [10, 12, 29, 29, 29]),
        (Fraction(1, 2), False, [10, 10, 15, 22, 29]),
        (Fraction(0), False, [10] * 5),
        (Fraction(1), True, [10, 11, 20, 15, 20]),
        (Fraction(10), True, [10, 20, 10, 20, 10]),
    ],
)
def test_speed_and_loop_choose_the_frame(speed: Fraction, looped: bool, shown: list[int]) -> None:
    times = FrameTimes(30, FrameRate(10))
    pass_s = (times.duration_s - 1) / speed if looped else None
    content = VideoContent("a.mp4", Fraction(1), times, speed, pass_s)
    assert [content.index_at(Fraction(n, 10)) for n in (0, 1, 10, 25, 50)] == shown


def test_a_loop_of_uneven_frames_knows_its_end() -> None:
    times = FrameTimes(3, FrameRate(10), (0, 100, 400), 1000, 500)
    content = VideoContent("a.gif", Fraction(0), times, pass_s=times.duration_s)
    shown = [content.index_at(Fraction(ms, 1000)) for ms in (0, 150, 450, 500, 650, 5_400)]
    assert shown == [0, 1, 2, 0, 1, 2]
