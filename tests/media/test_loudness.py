"""The whole sound is as loud as asked for, its true peaks below the ceiling; silence stays."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import media
from vidgenie.core.color import Color
from vidgenie.core.geometry import Size
from vidgenie.core.plan.keys import sound_key
from vidgenie.core.timebase import FrameRange, FrameRate, SampleRange
from vidgenie.core.timeline.model import ResolvedTimeline, Voice
from vidgenie.engine.audio.limiter import CEILING, limited
from vidgenie.engine.audio.loudness import measure
from vidgenie.engine.audio.master import mastered
from vidgenie.engine.probe import probe
from vidgenie.engine.values import LocalSource

SECONDS = 6
PEAK_MAX = CEILING * 10 ** (0.2 / 20)
"""Two meters of true peaks may differ by 0.2 dB (EBU Tech 3341, table 1)."""
TIME = np.arange(SECONDS * 48_000) / 48_000


def music(loudness_lufs: float | None) -> ResolvedTimeline:
    voice = Voice("v", SampleRange(0, SECONDS * 48_000), "a", Fraction(0))
    frames = FrameRange(0, SECONDS * 30)
    shown = (Size(2, 2), FrameRate(30), frames, Color(0, 0, 0), ())
    return ResolvedTimeline(*shown, (voice,), loudness_lufs)


def made(path: Path, samples: np.ndarray, loudness_lufs: float | None) -> np.ndarray:
    both = np.stack([samples, samples]).astype(np.float32)
    media.write_sound(path, both, codec="pcm_f32le")
    assets = {"a": LocalSource(path, probe(path))}
    return np.concatenate(list(mastered(music(loudness_lufs), assets)), axis=1)


def noise(level: float) -> np.ndarray:
    return np.random.default_rng(5).normal(0, level, len(TIME))


def test_the_meter_says_what_the_standard_says() -> None:
    """EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS has -23 LUFS."""
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * TIME)
    found = measure([np.stack([tone, tone]).astype(np.float32)])
    assert found.lufs == pytest.approx(-23, abs=0.1)
    assert found.peak == pytest.approx(10 ** (-23 / 20), rel=0.02)


@pytest.mark.parametrize(
    ("samples", "target_lufs"),
    [
        pytest.param(noise(0.001), -14, id="soft noise"),
        pytest.param(noise(0.2), -23, id="loud noise"),
        pytest.param(noise(0.05) * (np.sin(TIME * 2) > 0), -16, id="with pauses"),
        # Ten clicks a second over noise: the limiter bites, and what it takes is made up for.
        pytest.param(noise(0.05) + (np.arange(len(TIME)) % 4800 < 3) * 0.9, -14, id="clicks"),
    ],
)
def test_the_sound_is_as_loud_as_asked_for(
    tmp_path: Path, samples: np.ndarray, target_lufs: float
) -> None:
    output = made(tmp_path / "a.wav", samples, target_lufs)
    found = measure([output])
    assert found.lufs == pytest.approx(target_lufs, abs=0.2)
    assert found.peak <= PEAK_MAX
    assert output.shape == (2, len(TIME))


def test_without_a_limit_it_is_one_gain(tmp_path: Path) -> None:
    samples = noise(0.01).astype(np.float32)
    output = made(tmp_path / "a.wav", samples, -20)
    factors = output[0] / samples
    assert factors.max() == pytest.approx(factors.min(), rel=1e-5)


def test_silence_stays_silent_and_no_target_changes_nothing(tmp_path: Path) -> None:
    assert not made(tmp_path / "a.wav", np.zeros(len(TIME)), -14).any()
    samples = noise(0.05).astype(np.float32)
    assert np.array_equal(made(tmp_path / "b.wav", samples, None)[0], samples)


@pytest.mark.parametrize("block", [1024, 4096])
def test_waves_between_the_samples_are_limited_too(block: int) -> None:
    """A quarter of the sample rate, its samples at the flanks: the wave is 3 dB higher than they.

    It begins and ends softly in mid-block, and its highest place crosses the blocks' joins.
    """
    angles = np.pi / 2 * np.arange(24_000) + np.pi / 4
    tone = (1.2 * np.sin(angles) * np.hanning(24_000)).astype(np.float32)
    samples = np.stack([tone, 0.5 * tone])
    blocks = [samples[:, start : start + block] for start in range(0, 24_000, block)]
    assert measure([samples]).peak > 1.15
    assert np.abs(samples).max() < CEILING, "no sample is too high"
    output = np.concatenate(list(limited(iter(blocks), true_peaks=True)), axis=1)
    assert measure([output]).peak <= PEAK_MAX
    quiet = np.hanning(24_000) < 0.5
    assert np.array_equal(output[:, quiet], samples[:, quiet])
    plain = np.concatenate(list(limited(iter(blocks))), axis=1)
    assert np.array_equal(plain, samples)


@pytest.mark.parametrize("place", range(2036, 2060, 3))
def test_a_join_of_blocks_hides_no_wave(place: int) -> None:
    """A burst as short as the wave is looked at, about the first join."""
    away = np.arange(4096) - place
    burst = 1.5 * np.sin(np.pi / 2 * away + np.pi / 4) * np.exp(-((away / 5) ** 2))
    samples = np.stack([burst, burst]).astype(np.float32)
    blocks = [samples[:, :2048], samples[:, 2048:]]
    (whole,) = limited(iter([samples]), true_peaks=True)
    assert np.abs(whole).max() < CEILING * 0.9
    output = np.concatenate(list(limited(iter(blocks), true_peaks=True)), axis=1)
    assert np.abs(output).max() == pytest.approx(np.abs(whole).max(), rel=0.02)


def test_the_loudness_is_part_of_the_key() -> None:
    keys = {
        sound_key(music(lufs), {"a": "1"}, scope="s", version="v", form="f")
        for lufs in (None, -14.0, -16.0)
    }
    assert len(keys) == 3
