"""The mix: every source, rate and layout lands on its sample, at its gain, and never clips."""

import tracemalloc
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

import media
from vidgenie.core.color import Color
from vidgenie.core.geometry import Size
from vidgenie.core.timebase import FrameRange, FrameRate, SampleRange
from vidgenie.core.timeline.model import ResolvedTimeline, Voice
from vidgenie.core.timeline.sound import gain_at
from vidgenie.core.tween import Curve, Step
from vidgenie.engine.audio.limiter import CEILING, limited
from vidgenie.engine.audio.mix import BLOCK, mix
from vidgenie.engine.encode import encode_sound
from vidgenie.engine.probe import probe
from vidgenie.engine.values import Assets, LocalSource
from vidgenie.errors import DecodeError

RATE = FrameRate(30)
NOISE = np.random.default_rng(11).uniform(-0.4, 0.4, (2, 96_000)).astype(np.float32)


def source(path: Path) -> LocalSource:
    return LocalSource(path, probe(path))


def voice(
    start: int, stop: int, *, start_s: Fraction = Fraction(0), gains: tuple[Curve, ...] = ()
) -> Voice:
    return Voice(f"0.{start}", SampleRange(start, stop), "a", start_s, gains)


def timeline(seconds: int, *voices: Voice, first_s: int = 0) -> ResolvedTimeline:
    frames = FrameRange(first_s * 30, (first_s + seconds) * 30)
    return ResolvedTimeline(Size(2, 2), RATE, frames, Color(0, 0, 0), (), voices)


def mixed(made: ResolvedTimeline, assets: Assets) -> np.ndarray:
    return np.concatenate(list(mix(made, assets)), axis=1)


def heard(path: Path, start_s: Fraction = Fraction(0), seconds: int = 2) -> np.ndarray:
    """All of one source from a second on, as a voice of the whole output."""
    made = timeline(seconds, voice(0, seconds * 48_000, start_s=start_s))
    return mixed(made, {"a": source(path)})


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audio") / "noise.wav"
    return media.write_sound(path, NOISE, codec="pcm_f32le")


# ── places ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("start", [0, 1, 4095, 4096, 4097, 30_001])
def test_a_voice_starts_and_stops_on_its_samples(noise: Path, start: int) -> None:
    output = mixed(timeline(2, voice(start, start + 5000)), {"a": source(noise)})
    expected = np.zeros((2, 96_000), np.float32)
    expected[:, start : start + 5000] = NOISE[:, :5000]
    assert np.array_equal(output, expected)


def test_a_voice_starts_where_it_is_told_in_its_source(noise: Path) -> None:
    output = heard(noise, Fraction(12_345, 48_000))
    assert np.array_equal(output[:, : 96_000 - 12_345], NOISE[:, 12_345:])
    assert not output[:, 96_000 - 12_345 :].any(), "after the source's end there is silence"


def test_voices_are_added_up(noise: Path) -> None:
    made = timeline(2, voice(0, 48_000), voice(24_000, 72_000))
    output = mixed(made, {"a": source(noise)})
    assert np.array_equal(output[:, 24_000:48_000], NOISE[:, 24_000:48_000] + NOISE[:, :24_000])


def test_a_window_is_the_same_sound(noise: Path) -> None:
    fade = Curve.of(0, [Step(0, 1.7, 0.1, 0.9)])
    voices = (voice(1000, 90_000, gains=(fade,)), voice(60_000, 80_000))
    whole = mixed(timeline(2, *voices), {"a": source(noise)})
    window = mixed(timeline(1, *voices, first_s=1), {"a": source(noise)})
    assert np.array_equal(window, whole[:, 48_000:])


def test_nothing_sounds_in_a_silent_timeline() -> None:
    output = mixed(timeline(1), {})
    assert output.shape == (2, 48_000)
    assert not output.any()


# ── sources ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rate_hz", [8000, 22_050, 32_000, 44_100, 96_000])
def test_other_rates_land_on_the_same_instant(tmp_path: Path, rate_hz: int) -> None:
    """A band-limited burst around second 1/2 and its mirror image: its middle is exact."""
    time_s = np.arange(rate_hz) / rate_hz - 0.5
    burst = (np.exp(-((time_s / 0.002) ** 2)) * np.cos(2 * np.pi * 900 * time_s)) * 0.5
    path = tmp_path / "burst.wav"
    media.write_sound(
        path, np.stack([burst, burst]).astype(np.float32), sample_rate_hz=rate_hz, codec="pcm_f32le"
    )
    output = heard(path, seconds=1)[0]
    time_s = np.arange(48_000) / 48_000 - 0.5
    expected = (np.exp(-((time_s / 0.002) ** 2)) * np.cos(2 * np.pi * 900 * time_s)) * 0.5
    assert int(output.argmax()) == 24_000
    assert np.abs(output - expected).max() < 0.003


@pytest.mark.parametrize("start_s", [Fraction(1, 7), Fraction(3, 4), Fraction(1)])
def test_a_resampled_source_is_the_same_from_anywhere(tmp_path: Path, start_s: Fraction) -> None:
    path = media.write_sound(tmp_path / "a.wav", NOISE, sample_rate_hz=44_100, codec="pcm_f32le")
    skipped = round(start_s * 48_000)
    whole = heard(path)
    assert np.abs(heard(path, start_s)[:, :-skipped] - whole[:, skipped:]).max() < 1e-6


def test_a_resampled_source_is_heard_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    media.write_sound(path, NOISE[:, :44_100], sample_rate_hz=44_100, codec="pcm_f32le")
    output = heard(path)
    assert np.abs(output[:, 47_980:48_000]).min(axis=1).max() > 0
    assert not output[:, 48_000:].any()


@pytest.mark.parametrize(
    ("suffix", "codec", "tolerance"),
    [
        (".wav", "pcm_u8", 0.005),
        (".wav", "pcm_s16le", 1e-4),
        (".wav", "pcm_s32le", 1e-6),
        (".wav", "pcm_f64le", 1e-7),
        (".flac", "flac", 1e-4),
        (".mkv", "pcm_s16le", 1e-4),
        (".avi", "pcm_s16le", 1e-4),
    ],
)
def test_lossless_formats_are_exact(
    tmp_path: Path, suffix: str, codec: str, tolerance: float
) -> None:
    path = media.write_sound(tmp_path / f"a{suffix}", NOISE, codec=codec)
    assert np.abs(heard(path) - NOISE).max() <= tolerance


@pytest.mark.parametrize("name", ["a.m4a", "a.mp3", "a.ogg", "a.webm", "a.ts", "a.mov"])
def test_lossy_formats_keep_their_place(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    media.write_sound(path, np.tile(media.beeps([Fraction(1, 2)], 2), (2, 1)))
    output = heard(path)
    padding = 2048 if name == "a.ts" else 0  # MPEG-TS cannot say that the priming is no sound
    assert abs(media.onset(output) - 24_000) <= 48 + padding


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.ts", "a.avi"])
def test_a_video_s_sound_keeps_step_with_its_picture(tmp_path: Path, name: str) -> None:
    path = media.write_beep_flash(tmp_path / name, seconds=3)
    output = heard(path, Fraction(1, 2))
    assert abs(media.onset(output) - 24_000) <= 48


def test_sound_that_begins_after_the_picture_is_not_moved(tmp_path: Path) -> None:
    path = media.write_beep_flash(
        tmp_path / "a.mov", seconds=3, sound_delay_s=Fraction(1, 4), sample_rate_hz=44_100
    )
    output = heard(path, seconds=3)
    assert not output[:, : 12_000 - 64].any()
    assert abs(media.onset(output[:, 12_100:]) + 12_100 - 48_000) <= 2


def test_a_clock_that_starts_again_does_not_stop_the_sound(tmp_path: Path) -> None:
    """Transport streams may be joined by writing one behind the other."""
    path = tmp_path / "a.ts"
    media.write_sound(path, np.tile(media.beeps([Fraction(1, 2)], 2), (2, 1)))
    path.write_bytes(path.read_bytes() * 2)
    output = heard(path, seconds=4)
    assert abs(media.onset(output[:, 48_000:]) + 48_000 - 120_000) <= 4 * 1024


@pytest.mark.parametrize(
    ("name", "codec", "tolerance"),
    [
        ("a.wav", "pcm_f32le", 1e-6),
        ("a.mov", "pcm_s16le", 1e-4),
        ("a.mp4", "aac", 1e-3),
        ("a.webm", "libopus", 1e-3),
        ("a.mp3", "libmp3lame", 1e-3),
    ],
)
def test_far_into_a_long_source_is_as_exact(
    tmp_path: Path, name: str, codec: str, tolerance: float
) -> None:
    path = tmp_path / name
    media.write_sound(path, media.music(15), codec=codec)
    whole = heard(path, seconds=15)
    start_s = Fraction(123_457, 10_000)
    skipped = round(start_s * 48_000)
    assert np.abs(heard(path, start_s)[:, :48_000] - whole[:, skipped:][:, :48_000]).max() < (
        tolerance
    )


def test_one_channel_sounds_on_both_sides(tmp_path: Path) -> None:
    path = media.write_sound(tmp_path / "a.wav", NOISE[:1], layout="mono", codec="pcm_f32le")
    assert np.array_equal(heard(path), np.stack([NOISE[0], NOISE[0]]))


def test_surround_is_mixed_down_by_the_book(tmp_path: Path) -> None:
    channels = np.zeros((6, 48_000), np.float32)  # FL FR FC LFE BL BR
    for place in range(6):
        channels[place, place * 8000 : place * 8000 + 4000] = 0.5
    path = media.write_sound(tmp_path / "a.wav", channels, layout="5.1", codec="pcm_f32le")
    output = heard(path, seconds=1)
    levels = [output[:, place * 8000 + 2000].tolist() for place in range(6)]
    half = round(0.5 * 2**-0.5, 4)
    assert np.array(levels).round(4).tolist() == [
        [0.5, 0],
        [0, 0.5],
        [half, half],
        [0, 0],
        [half, 0],
        [0, half],
    ]


def test_not_a_number_is_silence(tmp_path: Path) -> None:
    broken = NOISE[:, :48_000].copy()
    broken[0, 100], broken[1, 200] = np.nan, np.inf
    path = media.write_sound(tmp_path / "a.wav", broken, codec="pcm_f32le")
    output = heard(path, seconds=1)
    assert np.isfinite(output).all()
    assert np.array_equal(output[:, 300:], broken[:, 300:])


def test_a_damaged_stretch_is_left_out_and_the_rest_stays_in_place(tmp_path: Path) -> None:
    path = media.write_sound(
        tmp_path / "a.m4a", np.tile(media.beeps([Fraction(1, 4), Fraction(3, 2)], 2), (2, 1))
    )
    with av.open(path) as container:
        places = [p.pos for p in container.demux(audio=0) if p.size][30:36]
    content = bytearray(path.read_bytes())
    content[places[0] : places[-1]] = b"\xff" * (places[-1] - places[0])
    path.write_bytes(content)
    output = heard(path)
    assert abs(media.onset(output) - 12_000) <= 48
    assert abs(media.onset(output[:, 60_000:]) + 60_000 - 72_000) <= 48


def test_a_source_that_cannot_be_decoded_is_said(tmp_path: Path) -> None:
    path = media.write_sound(tmp_path / "a.m4a", NOISE)
    with av.open(path) as container:
        packets = [(p.pos, p.size) for p in container.demux(audio=0) if p.size]
    content = bytearray(path.read_bytes())
    for position, size in packets:
        content[position : position + size] = b"\xff" * size
    path.write_bytes(content)
    with pytest.raises(DecodeError, match=r"a\.m4a is damaged"):
        heard(path)


def test_a_source_without_sound_is_said(tmp_path: Path) -> None:
    path = media.write_counter_video(tmp_path / "a.mp4", frames=3)
    with pytest.raises(DecodeError, match=r"a\.mp4 has no sound"):
        heard(path)


# ── gains ───────────────────────────────────────────────────────────────────────────────────


def test_gains_multiply_and_follow_their_curves_without_steps(tmp_path: Path) -> None:
    steady = np.full((2, 96_000), 0.5, np.float32)
    path = media.write_sound(tmp_path / "a.wav", steady, codec="pcm_f32le")
    fade = Curve.of(0, [Step(0, 1.0, 0, 1, "bezier", "easeInOutQuad")])
    jump = Curve.of(1, [Step(1.2, 0.3, 0.25, 0.25, "constant"), Step(1.5, 0.1, 1, 1)])
    sounding = voice(100, 90_100, gains=(fade, jump, Curve.constant(0.8)))
    output = mixed(timeline(2, sounding), {"a": source(path)})[0, 100:90_100]
    expected = np.array([0.5 * gain_at(sounding, k) for k in range(0, 90_000, 64)])
    assert np.abs(output[::64] - expected).max() < 1e-6
    assert np.abs(np.diff(output)).max() <= 0.5 * 0.8 * 0.75 / 64 * 1.001
    assert output[int(1.35 * 48_000)] == pytest.approx(0.5 * 0.8 * 0.25)


def test_a_settled_gain_is_one_factor(noise: Path) -> None:
    fade = Curve.of(0, [Step(0, 0.5, 0, 0.5)])
    output = mixed(timeline(2, voice(0, 96_000, gains=(fade,))), {"a": source(noise)})
    assert np.array_equal(output[:, 30_000:], NOISE[:, 30_000:] * np.float32(0.5))


# ── the limiter ─────────────────────────────────────────────────────────────────────────────


def blocks(samples: np.ndarray) -> list[np.ndarray]:
    return [samples[:, start : start + BLOCK] for start in range(0, samples.shape[1], BLOCK)]


def limit(samples: np.ndarray) -> np.ndarray:
    return np.concatenate(list(limited(iter(blocks(samples)))), axis=1)


def test_what_is_not_too_loud_is_not_touched() -> None:
    sound = NOISE[:, :30_000] * np.float32(CEILING / 0.4)
    assert np.array_equal(limit(sound), sound)


@pytest.mark.parametrize("place", [0, 4095, 4096, 8191, 20_000, 29_999])
def test_a_peak_is_held_down_and_only_its_neighbourhood(place: int) -> None:
    sound = NOISE[:, :30_000].copy()
    sound[0, place] = -2.5
    output = limit(sound)
    assert output.shape == sound.shape
    assert np.abs(output).max() <= CEILING + 1e-6
    assert abs(output[0, place]) > 0.6, "turned down further than needed"
    far = np.abs(np.arange(30_000) - place) > 1200
    assert np.array_equal(output[:, far], sound[:, far])


def test_loud_music_stays_below_the_ceiling_and_glides() -> None:
    sound = media.music(2) * 6
    output = limit(sound)
    assert np.abs(sound).max() > 1.5
    assert np.abs(output).max() <= CEILING + 1e-6
    audible = np.abs(sound).min(axis=0) > 0.05
    factors = output[:, audible] / sound[:, audible]
    assert np.abs(factors[0] - factors[1]).max() < 1e-5, "both sides alike"
    steady = np.diff(np.flatnonzero(audible)) == 1
    assert np.abs(np.diff(factors[0])[steady]).max() < 0.005, "no clicks"


def test_an_empty_sound_stays_empty() -> None:
    assert list(limited(iter([]))) == []


# ── the file ────────────────────────────────────────────────────────────────────────────────


def test_the_encoded_sound_is_in_place_and_as_long_as_the_picture(tmp_path: Path) -> None:
    path, target = tmp_path / "a.wav", tmp_path / "sound.mp4"
    media.write_sound(path, np.tile(media.beeps([Fraction(1, 3)], 2), (2, 1)))
    made = ResolvedTimeline(
        Size(2, 2),
        FrameRate.from_fps(29.97),
        FrameRange(0, 61),
        Color(0, 0, 0),
        (),
        (voice(20_000, 90_000),),
    )
    told: list[int] = []
    encode_sound(made, {"a": source(path)}, target, on_progress=told.append)
    begin, samples = media.read_sound(target)
    assert begin == 0
    assert abs(media.onset(samples) - 36_000) <= 48
    with av.open(target) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.sample_rate, stream.channels) == (
            "aac",
            48_000,
            2,
        )
        assert stream.duration * stream.time_base == Fraction(len(made.samples), 48_000)
    assert told[-1] == len(made.samples)
    assert len(told) > 10
    assert all(one < following for one, following in pairwise(told))


def test_thirty_minutes_do_not_drift(tmp_path: Path) -> None:
    """A beep on a frame of 29.97 about every 100 s; the source's rate is not the mix's."""
    rate, seconds = FrameRate.from_fps(29.97), 1800
    frames = [7 + 2998 * n for n in range(18)] + [53_900]
    path = tmp_path / "a.wav"
    beeps = media.beeps([rate.seconds_at(frame) for frame in frames], seconds, 11_025)
    media.write_sound(path, np.stack([beeps, beeps]), sample_rate_hz=11_025)
    whole = Voice("v", SampleRange(0, seconds * 48_000), "a", Fraction(0))
    shown = FrameRange(0, rate.frame_at(seconds))
    made = ResolvedTimeline(Size(2, 2), rate, shown, Color(0, 0, 0), (), (whole,))
    loud = [np.abs(block[0]) > 0.2 for block in mix(made, {"a": source(path)})]
    rises = np.flatnonzero(np.diff(np.concatenate(loud).astype(np.int8), prepend=0) == 1)
    begins = rises[np.diff(rises, prepend=-48_000) > 24_000]
    assert len(begins) == len(frames)
    off = [begin - rate.sample_at(frame) for begin, frame in zip(begins, frames, strict=True)]
    assert max(abs(samples) for samples in off) <= 10, off


def test_a_failing_source_leaves_no_file(tmp_path: Path) -> None:
    path = media.write_counter_video(tmp_path / "a.mp4", frames=3)
    target = tmp_path / "sound.mp4"
    with pytest.raises(DecodeError):
        encode_sound(timeline(1, voice(0, 48_000)), {"a": source(path)}, target)
    assert not target.exists()


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    path = media.write_sound(tmp_path / "a.wav", np.tile(NOISE, (1, 30)), sample_rate_hz=44_100)

    def peak_bytes(seconds: int) -> int:
        made = timeline(seconds, voice(0, seconds * 48_000))
        tracemalloc.start()
        try:
            for _ in limited(mix(made, {"a": source(path)})):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak_bytes(60) < peak_bytes(6) + 200_000
