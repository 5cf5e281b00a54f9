"""A chunk's file: exact times, closed GOPs, equal parameter sets, true colours."""

import resource
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import media
from vidgenie.core.geometry import Size
from vidgenie.core.plan.model import EncoderSettings
from vidgenie.core.timebase import FrameRate
from vidgenie.engine.encode import open_sink
from vidgenie.engine.pool import Planes
from vidgenie.errors import MuxError, OutOfSpace

SIZE = Size(320, 180)
RATE = FrameRate(30)
USUAL = EncoderSettings()
LOSSLESS = EncoderSettings(crf=0, preset="ultrafast")


def counter(number: int, size: Size = SIZE) -> Planes:
    y, u, v = media.yuv_planes(media.counter_picture((size.width, size.height), number))
    return Planes(y=y, u=u, v=v, a=None)


def write_chunk(
    path: Path,
    numbers: Sequence[int],
    *,
    rate: FrameRate = RATE,
    settings: EncoderSettings = USUAL,
    size: Size = SIZE,
) -> Path:
    with open_sink(path, size, rate, settings) as sink:
        for number in numbers:
            sink.encode(counter(number, size))
        assert sink.frames == len(numbers)
    return path


@pytest.mark.parametrize("fps", [30, 29.97, 23.976, 59.94, 25, 12.5, 12.345])
def test_frame_n_is_shown_at_n_over_rate(tmp_path: Path, fps: float) -> None:
    rate = FrameRate.from_fps(fps)
    path = write_chunk(tmp_path / "chunk.mp4", range(40), rate=rate)
    shown = list(media.luma_frames(path))
    assert [time for time, _ in shown] == [Fraction(n) / rate.fraction for n in range(40)]
    assert [media.read_counter(luma) for _, luma in shown] == list(range(40))
    with av.open(path) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == rate.fraction
        assert stream.duration * stream.time_base == 40 / rate.fraction


def test_every_gop_is_closed_and_no_longer_than_asked(tmp_path: Path) -> None:
    path = write_chunk(tmp_path / "chunk.mp4", range(60), settings=EncoderSettings(gop_frames=24))
    keys, shown = [], []
    with av.open(path) as container:
        for packet in container.demux(video=0):
            if packet.size:
                place = round(packet.pts * packet.time_base * 30)
                if packet.is_keyframe:
                    assert place == len(shown), "a frame before the keyframe comes after it"
                    keys.append(place)
                shown.append(place)
    assert keys[0] == 0
    assert len(keys) >= 3
    assert max(np.diff([*keys, 60])) <= 24


def test_parameter_sets_do_not_depend_on_the_pictures(tmp_path: Path) -> None:
    sets = set()
    for name, numbers in {"one": [7], "two": [900, 3], "many": range(45)}.items():
        with av.open(write_chunk(tmp_path / f"{name}.mp4", numbers)) as container:
            sets.add(container.streams.video[0].codec_context.extradata)
    assert len(sets) == 1
    assert len(sets.pop() or b"") > 20


def test_the_parameter_sets_promise_a_constant_rate(tmp_path: Path) -> None:
    """fixed_frame_rate_flag follows num_units_in_tick and time_scale (ITU-T H.264 §E.1.1)."""
    with av.open(write_chunk(tmp_path / "chunk.mp4", [0])) as container:
        extradata = container.streams.video[0].codec_context.extradata
    assert extradata is not None
    bits = "".join(f"{byte:08b}" for byte in extradata.replace(b"\0\0\3", b"\0\0"))
    ticks = f"{1:032b}{60:032b}"
    assert bits.count(ticks) == 1
    assert bits[bits.index(ticks) + len(ticks)] == "1"


def test_equal_pictures_give_equal_files(tmp_path: Path) -> None:
    one, two = (write_chunk(tmp_path / f"{name}.mp4", range(20)) for name in "ab")
    assert one.read_bytes() == two.read_bytes()


def test_the_colours_are_tagged_bt709_limited(tmp_path: Path) -> None:
    with av.open(write_chunk(tmp_path / "chunk.mp4", [0])) as container:
        context = container.streams.video[0].codec_context
        frame = next(container.decode(video=0))
    assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
    assert (context.color_range, context.pix_fmt) == (1, "yuv420p")
    assert (frame.colorspace, frame.color_range) == (1, 1)


def test_samples_arrive_as_they_were_given(tmp_path: Path) -> None:
    size = Size(322, 182)  # no multiple of any alignment
    chance = np.random.default_rng(5)
    planes = [
        Planes(
            y=chance.integers(0, 256, (182, 322), np.uint8),
            u=chance.integers(0, 256, (91, 161), np.uint8),
            v=chance.integers(0, 256, (91, 161), np.uint8),
            a=None,
        )
        for _ in range(3)
    ]
    path = tmp_path / "chunk.mp4"
    with open_sink(path, size, FrameRate(30), LOSSLESS) as sink:
        for one in planes:
            sink.encode(one)
    with av.open(path) as container:
        for frame, sent in zip(container.decode(video=0), planes, strict=True):
            packed = frame.to_ndarray(format="yuv420p").reshape(-1)
            expected = np.concatenate([sent.y.ravel(), sent.u.ravel(), sent.v.ravel()])
            assert np.array_equal(packed, expected)


def test_a_repeated_picture_stands_for_that_many_frames(tmp_path: Path) -> None:
    path = tmp_path / "chunk.mp4"
    with open_sink(path, SIZE, FrameRate(30), EncoderSettings(gop_frames=10)) as sink:
        sink.encode(counter(3), repeat=25)
        sink.encode(counter(4))
        sink.encode(counter(5), repeat=2)
        assert sink.frames == 28
    shown = [media.read_counter(luma) for _, luma in media.luma_frames(path)]
    assert shown == [3] * 25 + [4] + [5] * 2


def test_a_failure_leaves_no_file_and_keeps_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "chunk.mp4"

    def paint_until_it_fails() -> None:
        with open_sink(path, SIZE, RATE, USUAL) as sink:
            for number in range(30):
                sink.encode(counter(number))
            raise RuntimeError("painting failed")

    with pytest.raises(RuntimeError, match="painting failed"):
        paint_until_it_fails()
    assert not path.exists()


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(MuxError, match=r"chunk\.mp4 could not be written: No such file"):
        write_chunk(tmp_path / "missing" / "chunk.mp4", [0])


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    path, chance = tmp_path / "chunk.mp4", np.random.default_rng(1)
    noise = [chance.integers(0, 256, (180, 320), np.uint8) for _ in range(2)]
    grey = np.full((90, 160), 128, np.uint8)

    def encode_noise() -> None:
        with open_sink(path, SIZE, RATE, LOSSLESS) as sink:
            for number in range(60):
                sink.encode(Planes(y=noise[number % 2], u=grey, v=grey, a=None))

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        with pytest.raises(OutOfSpace, match=r"chunk\.mp4 could not be written: the file would"):
            encode_noise()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not path.exists()
