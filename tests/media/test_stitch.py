"""Joined chunks: no frame lost or doubled, exact times, and the sound in step with the picture."""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

import media
from vidgenie.core.color import Color
from vidgenie.core.geometry import Size
from vidgenie.core.plan.model import EncoderSettings
from vidgenie.core.plan.subtitles import Subtitles
from vidgenie.core.timebase import FrameRange, FrameRate, SampleRange
from vidgenie.core.timeline.facts import Cue
from vidgenie.core.timeline.model import ResolvedTimeline, Voice
from vidgenie.engine.encode import encode_sound, open_sink
from vidgenie.engine.pool import Planes
from vidgenie.engine.probe import probe
from vidgenie.engine.stitch import stitch
from vidgenie.engine.values import LocalSource
from vidgenie.errors import MuxError

SIZE = Size(160, 90)
NTSC = FrameRate.from_fps(29.97)
STRICT = {"err_detect": "crccheck+bitstream+buffer+explode"}


def planes(pixels: np.ndarray) -> Planes:
    y, u, v = media.yuv_planes(pixels)
    return Planes(y=y, u=u, v=v, a=None)


def write_chunks(
    folder: Path, lengths: Sequence[int], rate: FrameRate = NTSC, gop_frames: int = 24
) -> list[Path]:
    """Counter frames 0, 1, 2 … cut into chunks of these lengths."""
    paths, number = [], 0
    for index, length in enumerate(lengths):
        paths.append(folder / f"chunk-{index}.mp4")
        settings = EncoderSettings(gop_frames=gop_frames)
        with open_sink(paths[-1], SIZE, rate, settings) as sink:
            for _ in range(length):
                picture = media.counter_picture((SIZE.width, SIZE.height), number)
                sink.encode(planes(picture))
                number += 1
    return paths


def timeline(frames: int, rate: FrameRate, *voices: Voice) -> ResolvedTimeline:
    return ResolvedTimeline(SIZE, rate, FrameRange(0, frames), Color(0, 0, 0), (), voices)


def decode_strictly(path: Path) -> list[tuple[Fraction, int]]:
    """Decode as a player would that forgives nothing: any warning of any library fails."""
    level = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    shown = []
    try:
        with av.logging.Capture(local=False) as complaints, av.open(path, options=STRICT) as file:
            file.streams.video[0].codec_context.options = STRICT
            for frame in file.decode(video=0):
                assert not frame.is_corrupt
                number = media.read_counter(frame.to_ndarray(format="gray"))
                shown.append((frame.pts * frame.time_base, number))
    finally:
        av.logging.set_level(level)
    assert complaints == []
    return shown


@pytest.mark.parametrize("rate", [FrameRate(30), NTSC, FrameRate.from_fps(12.345)], ids=str)
@pytest.mark.parametrize("lengths", [(40,), (31, 33), (30, 1, 2, 25, 3)], ids=str)
def test_a_join_loses_and_doubles_nothing(
    tmp_path: Path, lengths: tuple[int, ...], rate: FrameRate
) -> None:
    target = tmp_path / "whole.mp4"
    stitched = stitch(write_chunks(tmp_path, lengths, rate), None, target, rate)
    count = sum(lengths)
    expected = [(rate.seconds_at(n), n) for n in range(count)]
    assert decode_strictly(target) == expected
    assert stitched.frames == count
    assert stitched.duration_s == float(count / rate.fraction)
    with av.open(target) as container:
        stream = container.streams.video[0]
        assert stream.start_time == 0
        assert stream.duration * stream.time_base == count / rate.fraction
        assert stream.average_rate == rate.fraction
        packets = [packet for packet in container.demux(stream) if packet.size]
    decoded = [packet.dts for packet in packets]
    assert all(one < following for one, following in pairwise(decoded))
    assert all(packet.dts <= packet.pts for packet in packets)


def test_every_chunk_begins_with_a_frame_to_seek_to(tmp_path: Path) -> None:
    target = tmp_path / "whole.mp4"
    stitch(write_chunks(tmp_path, (30, 20, 25)), None, target, NTSC)
    for frame in (0, 30, 50):
        with av.open(target) as container:
            stream = container.streams.video[0]
            container.seek(int(NTSC.seconds_at(frame) / stream.time_base), stream=stream)
            luma = next(container.decode(stream)).to_ndarray(format="gray")
            assert media.read_counter(luma) == frame


def test_a_chunk_named_twice_is_shown_twice(tmp_path: Path) -> None:
    first, still = write_chunks(tmp_path, (10, 4))
    target = tmp_path / "whole.mp4"
    assert stitch([first, still, still, first], None, target, NTSC).frames == 28
    numbers = [number for _, number in decode_strictly(target)]
    assert numbers == [*range(10), *range(10, 14), *range(10, 14), *range(10)]


def test_the_file_is_measured_as_it_lies_there(tmp_path: Path) -> None:
    target = tmp_path / "whole.mp4"
    stitched = stitch(write_chunks(tmp_path, (30, 30)), None, target, NTSC)
    content = target.read_bytes()
    assert stitched.size_bytes == len(content)
    assert stitched.sha256 == hashlib.sha256(content).hexdigest()
    assert content.index(b"moov") < content.index(b"mdat"), "the index stands at the front"


def test_colour_tags_and_parameter_sets_are_kept(tmp_path: Path) -> None:
    chunks, target = write_chunks(tmp_path, (5, 5)), tmp_path / "whole.mp4"
    stitch(chunks, None, target, NTSC)
    tags = []
    for path in (chunks[0], target):
        with av.open(path) as container:
            context = container.streams.video[0].codec_context
            tags.append(
                (
                    context.extradata,
                    context.codec_tag,
                    *(context.colorspace, context.color_primaries, context.color_trc),
                    context.color_range,
                )
            )
    assert tags[0] == tags[1]
    assert tags[0][1:] == ("avc1", 1, 1, 1, 1)
    assert b"colrnclx\x00\x01\x00\x01\x00\x01\x00" in target.read_bytes()


def test_chunks_of_other_settings_are_refused(tmp_path: Path) -> None:
    (one,) = write_chunks(tmp_path, (10,))
    other, target = tmp_path / "other.mp4", tmp_path / "whole.mp4"
    with open_sink(other, SIZE, NTSC, EncoderSettings(preset="ultrafast")) as sink:
        sink.encode(planes(media.counter_picture((SIZE.width, SIZE.height), 0)))
    with pytest.raises(MuxError, match=r"other\.mp4 cannot be joined: its parameter sets differ"):
        stitch([one, other], None, target, NTSC)
    assert not target.exists()


def test_chunks_of_another_rate_are_refused(tmp_path: Path) -> None:
    chunks, target = write_chunks(tmp_path, (10, 10)), tmp_path / "whole.mp4"
    with pytest.raises(
        MuxError, match=r"chunk-0\.mp4 cannot be joined: its frames do not run at 25/1"
    ):
        stitch(chunks, None, target, FrameRate(25))
    assert not target.exists()


def test_a_chunk_without_a_keyframe_in_front_is_refused(tmp_path: Path) -> None:
    whole, later = write_chunks(tmp_path, (4, 30), gop_frames=20)
    headless, target = tmp_path / "headless.mp4", tmp_path / "whole.mp4"
    with av.open(later) as source, av.open(headless, "w") as container:
        stream = container.add_stream_from_template(source.streams.video[0], opaque=True)
        for packet in [packet for packet in source.demux(video=0) if packet.size][1:]:
            packet.stream = stream
            packet.pts -= packet.duration
            packet.dts -= packet.duration
            container.mux_one(packet)
    with pytest.raises(MuxError, match=r"headless\.mp4 cannot be joined: it does not begin"):
        stitch([whole, headless], None, target, NTSC)


def test_a_chunk_cut_off_is_refused(tmp_path: Path) -> None:
    """The index of a chunk stands at its end; a copy with the index moved keeps it when cut."""
    chunks, target = write_chunks(tmp_path, (30, 30)), tmp_path / "whole.mp4"
    movable = tmp_path / "movable.mp4"
    stitch([chunks[1]], None, movable, NTSC)
    chunks[1].write_bytes(movable.read_bytes()[:-2000])
    with pytest.raises(MuxError, match=r"chunk-1\.mp4 is damaged: \d+ of 30 frames"):
        stitch(chunks, None, target, NTSC)
    assert not target.exists()


@pytest.mark.parametrize("content", [b"", b"\0\0\0\x18ftypisom" + bytes(500)], ids=["empty", "cut"])
def test_a_chunk_that_is_no_video_is_our_fault_not_the_client_s(
    tmp_path: Path, content: bytes
) -> None:
    chunks, target = write_chunks(tmp_path, (5, 5)), tmp_path / "whole.mp4"
    chunks[1].write_bytes(content)
    with pytest.raises(MuxError, match=r"chunk-1\.mp4 cannot be joined"):
        stitch(chunks, None, target, NTSC)
    assert not target.exists()


@pytest.mark.parametrize(("source", "rate"), [("av.mp4", NTSC), ("av.mov", FrameRate(25))])
def test_beep_and_flash_stay_in_step(tmp_path: Path, source: str, rate: FrameRate) -> None:
    """The whole way: source with sound → mix → AAC → join → read back by the edit list."""
    path = media.write_beep_flash(tmp_path / source, rate=rate.fraction, seconds=4)
    frames = 4 * round(float(rate))
    voice = Voice("0.0", SampleRange(0, rate.sample_at(frames)), "av", Fraction(0))
    made = timeline(frames, rate, voice)
    sound, target = tmp_path / "sound.mp4", tmp_path / "whole.mp4"
    encode_sound(made, {"av": LocalSource(path, probe(path))}, sound)
    chunks, lumas = [], [luma for _, luma in media.luma_frames(path)][:frames]
    for index in range(2):
        chunks.append(tmp_path / f"picture-{index}.mp4")
        with open_sink(chunks[-1], Size(320, 180), rate, EncoderSettings()) as sink:
            for luma in lumas[index * frames // 2 : (index + 1) * frames // 2]:
                grey = np.full((90, 160), 128, np.uint8)
                sink.encode(Planes(y=luma, u=grey, v=grey, a=None))
    stitch(chunks, sound, target, rate)

    flashes = [time for time, luma in media.luma_frames(target) if luma.mean() > 128]
    begin, samples = media.read_sound(target)
    assert begin == 0
    assert len(flashes) == 4
    for time in flashes:
        start = max(0, round((time - Fraction(1, 2)) * 48_000))
        beep = start + media.onset(samples[:, start:])
        assert abs(beep - round(time * 48_000)) <= 48
    with av.open(target) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert audio.start_time == 0
        assert audio.duration * audio.time_base == Fraction(rate.sample_at(frames), 48_000)
        assert abs(audio.duration * audio.time_base - video.duration * video.time_base) < (
            Fraction(1024, 48_000)
        )


def test_packets_are_interleaved(tmp_path: Path) -> None:
    """A player that reads from front to back never has to jump by more than half a second."""
    chunks = write_chunks(tmp_path, (60, 60), FrameRate(30))
    sound, target = tmp_path / "sound.mp4", tmp_path / "whole.mp4"
    encode_sound(timeline(120, FrameRate(30)), {}, sound)
    stitch(chunks, sound, target, FrameRate(30))
    with av.open(target) as container:
        packets = sorted(
            (packet.pos, packet.stream.type, packet.dts * packet.time_base)
            for packet in container.demux()
            if packet.size
        )
    times = {"video": Fraction(0), "audio": Fraction(0)}
    for _, kind, time in packets:
        times[kind] = time
        assert abs(times["video"] - times["audio"]) < Fraction(1, 2)


def test_subtitles_are_a_track_of_their_own(tmp_path: Path) -> None:
    cues = (Cue(0.5, 1.0, "Hëllo\nthere"), Cue(1.0, 1.25, "x" * 70_000), Cue(2.0, 2.48, "end"))
    target = tmp_path / "out.mp4"
    chunks = write_chunks(tmp_path, (40, 35))
    texts = Subtitles(cues, "deu", embed=True)
    stitched = stitch(chunks, None, target, NTSC, subtitles=texts)
    assert stitched.frames == 75 == len(decode_strictly(target))
    with av.open(target) as whole:
        stream = whole.streams.subtitles[0]
        assert stream.metadata["language"] == "deu"
        read = [
            (packet.pts, packet.duration, bytes(packet)[2:].decode()[:20])
            for packet in whole.demux(stream)
            if packet.size > 2  # two bytes are an empty text: what fills a gap
        ]
    assert read == [
        (500, 500, "Hëllo\nthere"),
        (1000, 250, "x" * 20),
        (2000, 480, "end"),
    ]
