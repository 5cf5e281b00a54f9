"""Seconds become frames half up, exactly, and neighbours that touch in seconds touch in frames."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidgenie.core.timebase import FrameRange, FrameRate, exact_seconds

NTSC = FrameRate(30000, 1001)


@pytest.mark.parametrize(
    ("fps", "expected"),
    [
        (30, FrameRate(30)),
        (29.97, NTSC),
        (23.976, FrameRate(24000, 1001)),
        (59.94, FrameRate(60000, 1001)),
        (12.5, FrameRate(25, 2)),
    ],
)
def test_rates_are_exact(fps: float, expected: FrameRate) -> None:
    assert FrameRate.from_fps(fps) == expected


@pytest.mark.parametrize(
    ("seconds", "frame"), [(0, 0), (0.5, 13), (0.1, 3), (0.099, 2), (3600, 90_000), (0.02, 1)]
)
def test_seconds_round_half_up(seconds: float, frame: int) -> None:
    assert FrameRate(25).frame_at(seconds) == frame


def test_decimal_seconds_mean_what_they_say() -> None:
    assert exact_seconds(0.1) == Fraction(1, 10)
    assert FrameRate(30).frame_at(0.15) == 5  # 4.5 exactly; the binary 0.15 lies below it


def test_an_hour_of_ntsc_does_not_drift() -> None:
    frames = 3600 * 30000 // 1001
    assert NTSC.seconds_at(frames) == Fraction(frames * 1001, 30000)
    assert abs(NTSC.sample_at(frames) - float(NTSC.seconds_at(frames)) * 48000) <= 0.5


@given(st.integers(0, 10**6), st.sampled_from([FrameRate(25), NTSC, FrameRate(60000, 1001)]))
def test_a_frames_time_leads_back_to_it(frame: int, rate: FrameRate) -> None:
    assert rate.frame_at(rate.seconds_at(frame)) == frame


def test_ranges_are_half_open() -> None:
    frames = FrameRange(10, 20)
    assert len(frames) == 10
    assert 10 in frames
    assert 20 not in frames
    assert not frames.overlaps(FrameRange(20, 30))
    assert frames.clamped(FrameRange(15, 99)) == FrameRange(15, 20)
    assert not frames.clamped(FrameRange(30, 40))
    assert str(frames) == "[10, 20)"
