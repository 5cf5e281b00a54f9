"""Copied frames are the source's own, bit for bit, and join with what is encoded beside them."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np
import pytest

import media
from copies import SIZE, X264, Made, clip, pictures, rendered
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.model import Copy
from vidgenie.core.timebase import FrameRange, FrameRate
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.copy import copy_packets
from vidgenie.engine.probe import probe
from vidgenie.engine.values import LocalSource
from vidgenie.errors import DecodeError


def check_bits(made: Made) -> None:
    shown = pictures(made.target)
    for frames, copy in made.copies:
        whole = pictures(Path(copy.asset))
        assert len(frames) == len(copy.source)
        for number in range(len(frames)):
            ours, own = shown[frames.start + number], whole[copy.source.start + number]
            assert np.array_equal(ours, own), f"frame {number} of {frames}"


def check_file(path: Path) -> None:
    """A strict decoder has nothing to say, and packets are decoded in their order, in time."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-xerror", "-v", "warning", "-i", str(path)]
    told = subprocess.run(
        [*command, "-f", "null", "-"], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        steps = [two.dts - one.dts for one, two in pairwise(packets)]  # type: ignore[operator]
        assert len(set(steps)) == 1
        assert steps[0] > 0
        assert all(packet.pts >= packet.dts for packet in packets)  # type: ignore[operator]


def test_cuts_in_mid_gop_join_and_keep_every_copied_bit(tmp_path: Path) -> None:
    numbered = {**X264, "profile": "main", "bf": "3", "x264-params": "sps-id=5:b-pyramid=normal"}
    kinds: dict[str, dict[str, str]] = {"one.mp4": X264, "two.mkv": numbered}
    kinds["three.mp4"] = {**X264, "profile": "baseline", "bf": "0"}
    one, two, three = (
        media.write_counter_video(tmp_path / name, size=SIZE, frames=100, options=options)
        for name, options in kinds.items()
    )
    made = rendered(
        tmp_path,
        clip(one, 0.5, 0, 2.5),
        clip(one, 1, 2.5, 2),
        clip(two, 0.1, 4.5, 2),
        clip(three, 0, 6.5, 1),
    )
    assert made.numbers == [*range(15, 90), *range(30, 90), *range(3, 63), *range(30)]
    copied = [(Path(copy.asset).name, copy.source) for _, copy in made.copies]
    assert copied == [
        ("one.mp4", FrameRange(30, 90)),
        ("one.mp4", FrameRange(30, 90)),
        ("two.mkv", FrameRange(30, 60)),
    ]
    assert sum(stats.frames_copied for stats in made.stats) == 150
    assert sum(stats.frames_encoded for stats in made.stats) == 75
    assert any("under the same number (0)" in note.text for note in made.plan.notes)
    check_bits(made)
    check_file(made.target)


def test_a_source_whose_first_frames_an_edit_list_hides_is_copied_from_its_next_gop(
    tmp_path: Path,
) -> None:
    plain = media.write_counter_video(tmp_path / "plain.mp4", size=SIZE, frames=100, options=X264)
    late = rewritten(plain, tmp_path / "late.mp4", shift=-5)
    made = rendered(tmp_path, clip(late, 0, 0, 3))
    assert made.numbers == [*range(5, 95)]
    assert [copy.source for _, copy in made.copies] == [FrameRange(25, 85)]
    check_bits(made)
    check_file(made.target)


REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "open GOPs: 2 of 3": (
        "open.mp4",
        {"options": {**X264, "x264-params": "open-gop=1:b-adapt=0:scenecut=0"}},
    ),
    "variable frame rate: a frame lasts 23 to 40 ms": (
        "vfr.mp4",
        {"times_ms": [33 * n + 7 * (n % 2) - 3 * (n // 2 % 2) for n in range(70)]},
    ),
    "yuv420p10le is not yuv420p": ("deep.mp4", {"pixel_format": "yuv420p10le"}),
    "its pictures are stored turned, by 180°": ("turned.mp4", {"rotation": 180}),
    "25/1 frames a second are not 30/1": ("slow.mp4", {"rate": 25}),
    "start codes": ("stream.ts", {}),
    "hevc is not h264": (
        "other.mp4",
        {"codec": "libx265", "options": {"x265-params": "log-level=0"}},
    ),
    "320×182 is not 320×180": ("tall.mp4", {"size": (320, 182)}),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_copied_is_refused_with_its_numbers(reason: str, tmp_path: Path) -> None:
    name, kind = REFUSED[reason]
    path = tmp_path / name
    media.write_counter_video(path, **{"size": SIZE, "frames": 70, "options": X264, **kind})
    size = {"width": SIZE[0], "height": SIZE[1]}
    output = {"format": "mp4", "size": size, "fps": 30}
    whole = clip(path, 0, 0, 2)
    edit = parse({"timeline": {"tracks": [{"clips": [whole]}]}, "output": output}, allow_local=True)
    made = plan(resolve(edit, {str(path): probe(path)}))
    assert not any(isinstance(s.recipe, Copy) for chunk in made.chunks for s in chunk.spans)
    assert any(reason in note.text for note in made.notes), made.notes


def rewritten(
    path: Path, target: Path, *, shift: int = 0, in_front: Callable[[int], bytes] = lambda _: b""
) -> Path:
    """Copy packets, `shift` frames later, each with more bytes in front of it."""
    with av.open(str(path)) as source, av.open(str(target), "w") as copy:
        stream = source.streams.video[0]
        made = copy.add_stream_from_template(stream)
        for number, packet in enumerate(p for p in source.demux(stream) if p.size):
            more = in_front(number)
            packed = av.Packet(more + bytes(packet)) if more else packet
            ticks = round(shift / 30 / packet.time_base)
            assert packet.pts is not None
            assert packet.dts is not None
            packed.pts, packed.dts = packet.pts + ticks, packet.dts + ticks
            packed.time_base, packed.is_keyframe = packet.time_base, packet.is_keyframe
            packed.duration = packet.duration
            packed.stream = made
            copy.mux(packed)
    return target


def other_set(number: int) -> bytes:
    """A picture's parameter set that nothing uses, before the second GOP."""
    unit = bytes([0x68, 0x05, 0xCA, 0x43])
    return len(unit).to_bytes(4, "big") + unit if number == 30 else b""


@pytest.mark.parametrize("surprise", ["no IDR", "other sets", "wrong keyframes"])
def test_what_only_packets_tell_is_seen_while_they_are_copied(
    surprise: str, tmp_path: Path
) -> None:
    path = tmp_path / "source.mp4"
    refreshed = {"preset": "veryfast", "x264-params": "intra-refresh=1:bframes=0"}
    options = refreshed if surprise == "no IDR" else X264
    media.write_counter_video(path, size=SIZE, frames=100, options=options)
    if surprise == "other sets":
        path = rewritten(path, tmp_path / "changed.mp4", in_front=other_set)
    made = rendered(
        tmp_path,
        clip(path, 0.5, 0, 2.5),
        believed=off_by_one if surprise == "wrong keyframes" else lambda facts: facts,
    )
    expected = {
        "no IDR": "no IDR picture",
        "other sets": "its parameter sets change",
        "wrong keyframes": "only 0 of the",
    }
    assert made.copies
    told = "".join(stats.not_copied for stats in made.stats)
    assert expected[surprise] in told, told
    assert sum(stats.frames_copied for stats in made.stats) == 0
    assert made.numbers == [*range(15, 90)]
    check_file(made.target)


def off_by_one(facts: MediaFacts) -> MediaFacts:
    assert facts.video is not None
    coded = facts.video.coded
    wrong = replace(coded, keyframes=tuple(number + 1 for number in coded.keyframes))
    return replace(facts, video=replace(facts.video, coded=wrong))


def test_a_copy_of_frames_that_are_not_there_leaves_no_file(tmp_path: Path) -> None:
    path = media.write_counter_video(tmp_path / "a.mp4", size=SIZE, frames=100, options=X264)
    source = LocalSource(path, probe(path))
    target = tmp_path / "part.mp4"
    for wanted in (FrameRange(29, 60), FrameRange(31, 61), FrameRange(90, 101)):
        with pytest.raises(DecodeError):
            copy_packets(source, Copy(str(path), wanted, 1), FrameRate(30), target)
        assert not target.exists()
    copy_packets(source, Copy(str(path), FrameRange(30, 60), 1), FrameRate(30), target)
    assert [media.read_counter(picture) for picture in pictures(target)] == [*range(30, 60)]
