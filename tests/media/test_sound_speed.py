"""Speed keeps the pitch and the place of a sound; a loop joins without a step and without drift."""

from fractions import Fraction
from math import prod
from pathlib import Path

import numpy as np
import pytest

import media
from vidgenie.core.color import Color
from vidgenie.core.geometry import Size
from vidgenie.core.timebase import FrameRange, FrameRate, SampleRange
from vidgenie.core.timeline.model import ResolvedTimeline, Voice
from vidgenie.engine.audio.loop import FADE
from vidgenie.engine.audio.mix import mix
from vidgenie.engine.audio.tempo import tempos
from vidgenie.engine.probe import probe
from vidgenie.engine.values import LocalSource

OFF_MAX_MS = {"1/4": 36, "1/2": 15, "3/4": 8, "5/4": 5, "3/2": 5, "2": 5, "3": 5, "10": 6}
"""How far a burst may be off by speed: slower sound shows an onset in several pieces (0023)."""


def heard(
    path: Path,
    seconds: int,
    *,
    speed: Fraction = Fraction(1),
    start_s: Fraction = Fraction(0),
    pass_s: Fraction | None = None,
    first_s: int = 0,
) -> np.ndarray:
    """Seconds `first_s` to `seconds` of one voice, its left side."""
    voice = Voice("v", SampleRange(0, seconds * 48_000), "a", start_s, (), speed, pass_s)
    frames = FrameRange(first_s * 30, seconds * 30)
    made = ResolvedTimeline(Size(2, 2), FrameRate(30), frames, Color(0, 0, 0), (), (voice,))
    assets = {"a": LocalSource(path, probe(path))}
    return np.concatenate(list(mix(made, assets)), axis=1)[0]


def write(path: Path, samples: np.ndarray) -> Path:
    return media.write_sound(path, np.stack([samples, samples]), codec="pcm_f32le")


@pytest.mark.parametrize("hz", [45, 110, 440, 3000])
@pytest.mark.parametrize("speed", ["1/4", "3/4", "3/2", "5", "10"])
def test_speed_keeps_the_pitch_and_the_level(tmp_path: Path, speed: str, hz: int) -> None:
    path = write(tmp_path / "a.wav", 0.5 * media.sine(hz, 22))
    middle = heard(path, 2, speed=Fraction(speed))[24_000:72_000]
    rises = np.count_nonzero((middle[:-1] < 0) & (middle[1:] >= 0))
    assert rises == pytest.approx(hz, abs=3)
    turned = middle * np.exp(-2j * np.pi * hz * np.arange(48_000) / 48_000)
    waves = np.ones(4 * 48_000 // hz) / (4 * 48_000 // hz)
    levels = 20 * np.log10(2 * np.abs(np.convolve(turned, waves, "valid")))
    assert np.ptp(levels) < 1


def test_waves_that_do_not_match_keep_their_power(tmp_path: Path) -> None:
    """Noise is never alike, and must not pump a hundred times a second."""
    rushing = np.random.default_rng(4).normal(0, 0.1, 4 * 48_000).astype(np.float32)
    output = heard(write(tmp_path / "a.wav", rushing), 2, speed=Fraction(3, 2))
    levels = output.reshape(-1, 480).std(axis=1)
    assert levels.mean() == pytest.approx(0.1, rel=0.03)
    assert output.reshape(-1, 480).std(axis=0).min() > 0.08


@pytest.mark.parametrize("noise", [0.0, 0.02])
@pytest.mark.parametrize("speed", OFF_MAX_MS)
def test_speed_keeps_every_burst_in_its_place(tmp_path: Path, speed: str, noise: float) -> None:
    """From second 1 of the source on; the last burst is no farther off than the first."""
    times_s = [Fraction(n, 1) + Fraction(n * n % 7, 20) for n in range(2, 11)]
    soft = np.random.default_rng(3).normal(0, noise, 12 * 48_000).astype(np.float32)
    path = write(tmp_path / "a.wav", media.beeps(times_s, 12) + soft)
    reach = min(4_000, int(12_000 / Fraction(speed)))
    output = heard(path, int(11 / Fraction(speed)) + 1, speed=Fraction(speed), start_s=Fraction(1))
    for time_s in times_s:
        place = round((time_s - 1) / Fraction(speed) * 48_000)
        begin = place - reach
        off = media.onset(output[begin : place + reach]) - reach
        assert abs(off) <= OFF_MAX_MS[speed] * 48, (time_s, off / 48)


def test_a_window_of_a_faster_sound_is_the_same_sound(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", media.music(6)[0])
    whole = heard(path, 3, speed=Fraction(5, 4))
    assert np.array_equal(heard(path, 3, speed=Fraction(5, 4), first_s=1), whole[48_000:])


def test_stages_make_up_the_speed() -> None:
    for speed in (Fraction(1, 100), Fraction(1, 3), Fraction(7, 4), Fraction(10)):
        steps = tempos(speed)
        assert all(step <= 2 for step in steps), steps
        assert prod(steps) == speed
    assert tempos(Fraction(1)) == ()


@pytest.mark.parametrize("seconds", [Fraction(9, 10), Fraction(21, 2)])
def test_a_loop_joins_without_a_step_and_without_drift(tmp_path: Path, seconds: Fraction) -> None:
    """A tone that breaks off in mid-wave; short passes are kept, long ones decoded again."""
    count = round(seconds * 48_000)
    tone = 0.5 * np.cos(2 * np.pi * 220.3 * np.arange(count) / 48_000).astype(np.float32)
    assert abs(tone[-1] - tone[0]) > 0.1
    output = heard(write(tmp_path / "a.wav", tone), 22, pass_s=seconds)
    assert np.abs(np.diff(output)).max() < 0.08
    for number in range(22 * 48_000 // count):
        begin = number * count
        assert np.array_equal(output[begin : begin + count - FADE], tone[:-FADE])


def test_passes_of_a_broken_length_do_not_drift(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", media.beeps([Fraction(1, 10)], 1))
    pass_s = Fraction(100_003, 300_000)
    output = heard(path, 20, pass_s=pass_s)
    begin = round(59 * pass_s * 48_000)
    assert media.onset(output[begin + 960 :]) + 960 == 4_800
    assert np.array_equal(heard(path, 20, pass_s=pass_s, first_s=7), output[7 * 48_000 :])
