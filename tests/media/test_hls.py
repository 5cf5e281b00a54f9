"""The HLS ladder: valid playlists, segments that stand alone, the same frames in every rung."""

import re
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import pytest

import media
from documents import problem
from vidgenie.services.local import render as local

FRAMES = 210
DELAY = 2
"""Frames between decoding and showing, in which x264 puts pictures in order."""


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven seconds at 29.97 in two sizes, with sound; a still at the end is a repeated chunk."""
    folder = tmp_path_factory.mktemp("hls")
    rate = Fraction(30000, 1001)
    media.write_counter_video(folder / "film.mp4", size=(320, 180), rate=rate, frames=FRAMES)
    media.write_beep_flash(folder / "beeps.mp4", rate=rate, seconds=7)
    film = {"asset": {"type": "video", "src": "film.mp4"}, "start": 0, "length": 7.007}
    sound = {"asset": {"type": "audio", "src": "beeps.mp4"}, "start": 0, "length": 7.007}
    edit = {
        "timeline": {"tracks": [{"clips": [film]}, {"clips": [sound]}]},
        "output": {
            "format": "mp4",
            "size": {"width": 320, "height": 180},
            "fps": 29.97,
            "hls": True,
            "renditions": [
                {"name": "small", "size": {"height": 90}},
                {"name": "tall", "aspectRatio": "9:16", "resolution": "preview"},
                {"name": "sound", "format": "mp3"},
            ],
        },
    }
    job = local.load(edit, folder)
    local.render(job, folder / "out.mp4", workers=2, kept=None, note=lambda *_: None)
    return folder / "out-hls"


def segments(playlist: Path) -> list[tuple[float, int, int, str]]:
    """Return each segment's seconds, first byte, bytes and file."""
    text = playlist.read_text()
    found = re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)\n", text)
    return [(float(s), int(at), int(size), name) for s, size, at, name in found]


def test_the_master_names_every_rung(ladder: Path) -> None:
    lines = (ladder / "master.m3u8").read_text().splitlines()
    assert lines[0] == "#EXTM3U"
    assert [line for line in lines if line[0] != "#"] == ["main.m3u8", "small.m3u8"]
    told = [line for line in lines if line.startswith("#EXT-X-STREAM-INF")]
    assert ["RESOLUTION=320x180" in told[0], "RESOLUTION=160x90" in told[1]] == [True, True]
    for line, name in zip(told, ("main", "small"), strict=True):
        record = (ladder / f"{name}.mp4").read_bytes()
        place = record.index(b"avcC") + 5
        assert f'CODECS="avc1.{record[place : place + 3].hex()},mp4a.40.2"' in line
        assert "FRAME-RATE=29.970" in line
        peak = int(re.search(r"[:,]BANDWIDTH=(\d+)", line)[1])  # type: ignore[index]
        rates = [size * 8 / s for s, _, size, _ in segments(ladder / f"{name}.m3u8")]
        assert max(rates) <= peak <= max(rates) * 1.01 + 1


def test_segments_are_aligned_and_add_up(ladder: Path) -> None:
    rungs = [segments(ladder / f"{name}.m3u8") for name in ("main", "small")]
    assert [each[0] for each in rungs[0]] == [each[0] for each in rungs[1]]
    assert len(rungs[0]) >= 2
    assert abs(sum(each[0] for each in rungs[0]) - FRAMES * 1001 / 30000) < 1e-5
    for name, rung in zip(("main", "small"), rungs, strict=True):
        text = (ladder / f"{name}.m3u8").read_text()
        longest = int(re.search(r"TARGETDURATION:(\d+)", text)[1])  # type: ignore[index]
        assert max(each[0] for each in rung) <= longest
        assert text.endswith("#EXT-X-ENDLIST\n")
        ends = [at + size for _, at, size, _ in rung]
        assert [at for _, at, _, _ in rung][1:] == ends[:-1]
        assert ends[-1] == (ladder / f"{name}.mp4").stat().st_size


@pytest.mark.parametrize("name", ["main", "small"])
def test_each_segment_stands_alone(ladder: Path, name: str, tmp_path: Path) -> None:
    rung, data = segments(ladder / f"{name}.m3u8"), (ladder / f"{name}.mp4").read_bytes()
    head, shown = data[: rung[0][1]], 0
    for _, at, size, _ in rung:
        alone = tmp_path / "alone.mp4"
        alone.write_bytes(head + data[at : at + size])
        with av.open(alone) as file:
            frames = list(file.decode(video=0))
        for frame in frames:
            assert media.read_counter(frame.to_ndarray(format="gray")) == shown
            assert frame.pts * frame.time_base == Fraction((shown + DELAY) * 1001, 30000)
            shown += 1
    assert shown == FRAMES


def test_sound_and_pictures_begin_together(ladder: Path) -> None:
    begin, samples = media.read_sound(ladder / "main.mp4")
    assert abs(begin - Fraction(DELAY * 1001, 30000)) < Fraction(1, 48_000)
    _, whole = media.read_sound(ladder.with_name("beeps.mp4"))
    second = slice(24_000, None)  # the first beep fades in over one packet, as it has no priming
    assert abs(media.onset(samples[:, second]) - media.onset(whole[:, second])) <= 48


def test_ffmpeg_plays_it_to_the_end_without_a_word(ladder: Path) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "warning", "-i", str(ladder / "master.m3u8")]
    command += ["-map", "0:v:1", "-fps_mode", "passthrough", "-f", "framecrc", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert len([line for line in done.stdout.splitlines() if line[0] != "#"]) == FRAMES


@pytest.mark.parametrize("output", [{"format": "webm"}, {"format": "mp4", "codec": "av1"}])
def test_what_no_player_of_hls_plays_is_refused(output: dict[str, Any]) -> None:
    edit = {"timeline": {"tracks": []}, "output": {"resolution": "sd", "hls": True, **output}}
    assert problem(edit).path == "/output/hls"
