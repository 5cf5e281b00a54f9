"""Any picture of any source, by its number, exactly; and what is refused, with a reason."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import media
from vidgenie.core.geometry import Rect, Size
from vidgenie.engine.demux.sniff import sniff
from vidgenie.engine.pool import FramePool
from vidgenie.engine.probe import probe
from vidgenie.engine.source import VideoSource
from vidgenie.engine.values import LocalSource
from vidgenie.errors import AssetUnsupported, DecodeError

SIZE = (320, 180)
NTSC = Fraction(30000, 1001)
KINDS = {
    "h264.mp4": {"options": {"preset": "fast", "bf": "3", "crf": "18"}},
    "ntsc.mp4": {"rate": NTSC},
    "matroska.mkv": {},
    "mpeg.ts": {},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"crf": "20", "b": "0", "cpu-used": "8"}},
    "mpeg4.avi": {"codec": "mpeg4", "options": {"qscale": "2"}},
    "prores.mov": {"codec": "prores_ks", "pixel_format": "yuv422p10le", "options": {}},
    "ball.gif": {"codec": "gif", "pixel_format": "rgb8", "rate": 20, "options": {}},
}
ORDER = [0, 1, 2, 40, 41, 89, 5, 6, 60, 59, 58, 88, 0, 89]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sources")


def number_at(pool: FramePool, index: int, size: Size | None = None) -> int:
    facts = pool.facts("a")
    whole = Rect(0, 0, facts.width, facts.height)
    return media.read_counter(pool.planes("a", index, whole, size or Size(*SIZE)).y)


@pytest.mark.parametrize("name", KINDS)
def test_every_picture_is_found_in_any_order(folder: Path, name: str) -> None:
    path = media.write_counter_video(folder / name, size=SIZE, frames=90, **KINDS[name])
    facts = probe(path)
    assert facts.video is not None
    assert facts.video.frames.count == 90
    assert facts.video.frames.is_regular
    assert facts.video.frames.rate.fraction == KINDS[name].get("rate", 30)
    with FramePool({"a": LocalSource(path, facts)}) as pool:
        assert [number_at(pool, index) for index in ORDER] == ORDER
        assert number_at(pool, 1000) == 89


def test_a_variable_rate_keeps_each_pictures_time(folder: Path) -> None:
    times = [0, 33, 67, 200, 233, 600, 640, 900]
    path = media.write_counter_video(folder / "vfr.mkv", size=SIZE, frames=8, times_ms=times)
    facts = probe(path).video
    assert facts is not None
    assert not facts.frames.is_regular
    shown = [facts.frames.index_at(Fraction(ms, 1000)) for ms in (0, 100, 200, 500, 700, 5000)]
    assert shown == [0, 2, 3, 4, 6, 7]
    source = VideoSource(LocalSource(path, probe(path)))
    for index in (0, 3, 7, 1, 5):
        planes = source.frame(index).to_ndarray(format="gray")
        assert media.read_counter(planes) == index
    source.close()


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_phone_video_stands_upright(folder: Path, rotation: int) -> None:
    path = media.write_counter_video(
        folder / f"turned{rotation}.mp4", size=(180, 320), frames=5, rotation=rotation
    )
    facts = probe(path)
    assert facts.video is not None
    assert (facts.video.width, facts.video.height) == (180, 320)
    with FramePool({"a": LocalSource(path, facts)}) as pool:
        assert number_at(pool, 3, Size(180, 320)) == 3
        raster = pool.bgra("a", 3)
        assert raster.shape == (320, 180, 4)
        assert media.read_counter(raster) == 3


def test_alpha_of_webm_survives(folder: Path) -> None:
    path = media.write_counter_video(
        folder / "alpha.webm",
        size=SIZE,
        frames=10,
        codec="libvpx-vp9",
        pixel_format="yuva420p",
        options={"crf": "20", "b": "0", "cpu-used": "8", "auto-alt-ref": "0"},
    )
    facts = probe(path)
    assert facts.video is not None
    assert facts.video.has_alpha
    with FramePool({"a": LocalSource(path, facts)}) as pool:
        planes = pool.planes("a", 4, Rect(0, 0, *SIZE), Size(*SIZE))
        assert planes.a is not None
        assert planes.a[20, 20] > 250
        assert planes.a[170, 300] < 5
        assert pool.bgra("a", 4)[170, 300].tolist() == [0, 0, 0, 0]


def test_a_cropped_part_is_cut_to_the_pixel(folder: Path) -> None:
    path = media.write_counter_video(folder / "cut.mp4", size=SIZE, frames=3)
    with FramePool({"a": LocalSource(path, probe(path))}) as pool:
        whole = pool.planes("a", 1, Rect(0, 0, *SIZE), Size(*SIZE))
        part = pool.planes("a", 1, Rect(40, 20, 200, 100), Size(200, 100))
        assert np.array_equal(part.y, whole.y[20:120, 40:240])
        assert np.array_equal(part.u, whole.u[10:60, 20:120])
        between = pool.planes("a", 1, Rect(40.5, 20, 200, 100), Size(200, 100))
        mean = (whole.y[20:120, 40:240].astype(int) + whole.y[20:120, 41:241] + 1) // 2
        assert np.abs(between.y.astype(int) - mean).max() <= 1


def test_a_still_image_is_one_picture(folder: Path) -> None:
    path = media.write_image(folder / "still.png", (101, 67))
    facts = probe(path)
    assert facts.is_image
    assert facts.video is not None
    assert (facts.video.width, facts.video.height) == (101, 67)


def test_a_file_cut_off_is_refused_or_held(folder: Path) -> None:
    path = media.write_counter_video(folder / "whole.mp4", size=SIZE, frames=60)
    data = path.read_bytes()
    broken = folder / "broken.mp4"
    broken.write_bytes(data[: len(data) // 2])  # its index stood at the end
    with pytest.raises(AssetUnsupported, match="damaged or cut off"):
        probe(broken)
    stream = media.write_counter_video(folder / "whole.ts", size=SIZE, frames=60)
    short = folder / "short.ts"
    short.write_bytes(stream.read_bytes()[: stream.stat().st_size // 2])
    facts = probe(short)
    assert facts.video is not None
    source = VideoSource(LocalSource(short, facts))
    last = source.frame(facts.video.frames.count - 1).to_ndarray(format="gray")
    assert media.read_counter(last) in range(20, 45)
    source.close()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"#EXTM3U\n#EXTINF:1,\nother.mp4\n", "a playlist"),
        (b"ffconcat version 1.0\nfile other.mp4\n", "a playlist"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>', "a DASH manifest"),
        (b'{"error": "no such file"}', "a JSON text"),
        (b"just words", "not a known media file"),
        (b"\x00\x01\x00\x00\x00\x10font", "The font is damaged"),
    ],
)
def test_what_is_no_media_file_is_refused_by_content(
    folder: Path, content: bytes, words: str
) -> None:
    path = folder / "looks-like.mp4"
    path.write_bytes(content)
    with pytest.raises(AssetUnsupported, match=words):
        probe(path)


def test_noise_in_the_pictures_is_survived(folder: Path) -> None:
    path = media.write_counter_video(folder / "clean.mp4", size=SIZE, frames=60, gop=10)
    with av.open(str(path)) as container:
        hit = [p.pos for p in container.demux(video=0) if p.pos and not p.is_keyframe][12]
    data = bytearray(path.read_bytes())
    data[hit + 8 : hit + 60] = b"\xff" * 52
    noisy = folder / "noisy.mp4"
    noisy.write_bytes(data)
    source = VideoSource(LocalSource(noisy, probe(noisy)))
    for index in range(60):
        source.frame(index)
    assert media.read_counter(source.frame(59).to_ndarray(format="gray")) == 59
    source.close()


def test_a_source_of_noise_alone_is_an_error(folder: Path) -> None:
    path = media.write_counter_video(folder / "good.mp4", size=SIZE, frames=5)
    facts = probe(path)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    stop = data.index(b"moov") - 4
    data[start:stop] = bytes(stop - start)
    path.write_bytes(data)
    with pytest.raises(AssetUnsupported):
        probe(path)
    source = VideoSource(LocalSource(path, facts))
    with pytest.raises(DecodeError, match=r"good\.mp4"):
        source.frame(0)
    source.close()


def test_sniffing_knows_the_beginnings() -> None:
    assert sniff(b"\x00\x00\x00\x18ftypmp42") == "mov"
    assert sniff(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "webp"
    assert sniff(b"ID3\x04") == "mp3"
    assert sniff(b"\xff\xf1\x50\x80") == "aac"
    assert sniff(b"MZ\x90\x00") is None
