"""Kinds of sources, how little of them is decoded, and that tables and packets tell the same."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

import media
from vidgenie.core.geometry import Rect, Size
from vidgenie.core.timeline.facts import VideoFacts
from vidgenie.engine.demux import index
from vidgenie.engine.demux.opened import open_container, picture_stream
from vidgenie.engine.pool import FramePool
from vidgenie.engine.probe import probe
from vidgenie.engine.source import VideoSource
from vidgenie.engine.tasks import facts_from_json, facts_to_json
from vidgenie.engine.values import LocalSource
from vidgenie.errors import AssetUnsupported

SIZE = (320, 180)
WHOLE = Rect(0, 0, *SIZE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kinds")


def opened(path: Path) -> tuple[LocalSource, VideoFacts]:
    facts = probe(path)
    assert facts.video is not None
    assert facts_from_json(facts_to_json(facts)) == facts
    return LocalSource(path, facts), facts.video


def counter(frame: av.VideoFrame) -> int:
    return media.read_counter(frame.to_ndarray(format="gray"))


def cut(path: Path, target: Path, *, start: int, rebase: int = 0) -> Path:
    """Copy packets from `start` on; their times stay, so the file begins late or before 0."""
    with av.open(str(path)) as source, av.open(str(target), "w") as copy:
        stream = source.streams.video[0]
        made = copy.add_stream_from_template(stream)
        for number, packet in enumerate(p for p in source.demux(stream) if p.size):
            if number >= start:
                packet.pts, packet.dts = packet.pts - rebase, packet.dts - rebase
                packet.stream = made
                copy.mux(packet)
    return target


B_FRAMES = {"options": {"preset": "fast", "bf": "3", "crf": "23"}}


def test_tables_tell_what_the_packets_tell(folder: Path) -> None:
    plain = media.write_counter_video(folder / "b.mp4", size=SIZE, frames=70, **B_FRAMES)
    paths = [
        plain,
        media.write_counter_video(folder / "b.mov", size=SIZE, frames=40, sound=True, **B_FRAMES),
        media.write_counter_video(
            folder / "v.mp4", size=SIZE, frames=6, times_ms=[0, 20, 90, 100, 400, 433]
        ),
        media.write_counter_video(
            folder / "open.mp4", size=SIZE, frames=70, options={"x264-params": "open-gop=1:bf=2"}
        ),
        cut(plain, folder / "late.mp4", start=30),
        cut(plain, folder / "edited.mp4", start=0, rebase=5 * 512),
    ]
    for path in paths:
        with open_container(path) as container:
            stream = picture_stream(container)
            assert stream is not None
            assert stream.time_base is not None
            stamps, table = [], None
            for packet in index.read_packets(container, stream):
                table = table or index.table_from_file(path, stream, packet)
                stamps.append(
                    index.Stamps(
                        packet.pts,
                        packet.dts,
                        packet.duration or 0,
                        packet.is_keyframe,
                        packet.is_discard,
                    )
                )
            assert table is not None, path.name
            read = index.table_from_packets(stamps, float(1 / stream.time_base))
            assert index.index_of(table) == index.index_of(read), path.name


def test_open_gops_and_hidden_pictures_are_told(folder: Path) -> None:
    options = {"x264-params": "open-gop=1:bf=2:scenecut=0", "preset": "fast"}
    path = media.write_counter_video(folder / "og.mkv", size=SIZE, frames=70, options=options)
    coded = opened(path)[1].coded
    assert coded.keyframes[0] == 0
    assert len(coded.open_gops) >= 1
    assert 0 not in coded.open_gops
    closed = media.write_counter_video(folder / "cg.mkv", size=SIZE, frames=70, **B_FRAMES)
    assert opened(closed)[1].coded.keyframes == (0, 30, 60)
    assert opened(closed)[1].coded.open_gops == ()


def test_a_seek_decodes_no_more_than_it_must(folder: Path) -> None:
    options = {"preset": "fast", "crf": "23", "x264-params": "bframes=3:b-adapt=0:scenecut=0"}
    path = media.write_counter_video(folder / "seek.mp4", size=SIZE, frames=300, options=options)
    source = VideoSource(opened(path)[0])
    for wanted, most in ((275, 16), (276, 3), (100, 12), (130, 10), (299, 16)):
        before = source.frames_decoded
        assert counter(source.frame(wanted)) == wanted
        assert source.frames_decoded - before <= most, wanted
    skipped = source.frame(260).to_ndarray(format="gray")
    source.close()
    plain = VideoSource(opened(path)[0])
    for number in range(261):
        shown = plain.frame(number)
    assert np.array_equal(skipped, shown.to_ndarray(format="gray"))
    plain.close()


def test_two_places_of_a_source_do_not_seek_to_and_fro(folder: Path) -> None:
    path = media.write_counter_video(folder / "two.mp4", size=SIZE, frames=240)
    assets = {"a": opened(path)[0]}
    with FramePool(assets, [{"a": 2}]) as pool:  # type: ignore[list-item]
        pool.enter(0)
        for number in range(40):
            for place in (180, 10):
                planes = pool.planes("a", place + number, WHOLE, Size(*SIZE))
                assert media.read_counter(planes.y) == place + number
        assert pool.frames_decoded <= 2 * 40 + 10 + 10
        pool.enter(1)
        assert pool._open == {}


def test_a_picture_of_the_right_kind_is_not_copied(folder: Path) -> None:
    path = media.write_counter_video(folder / "same.mp4", size=SIZE, frames=3)
    source, facts = opened(path)
    with FramePool({"a": source}) as pool:
        planes = pool.planes("a", 1, WHOLE, Size(*SIZE))
        frame = pool._open["a"][0].frame(1)
        assert (facts.color_space, facts.color_range) == ("bt709", "tv")
        assert planes.y.ctypes.data == frame.planes[0].buffer_ptr


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [("p.mov", "prores_ks", "yuva444p10le"), ("q.mov", "qtrle", "argb"), ("a.apng", "apng", "rgba")]
    + [("v8.webm", "libvpx", "yuva420p")],
)
def test_alpha_comes_through(folder: Path, name: str, codec: str, pixel_format: str) -> None:
    path = media.write_counter_video(
        folder / name,
        size=SIZE,
        frames=6,
        codec=codec,
        pixel_format=pixel_format,
        options={"auto-alt-ref": "0", "crf": "10", "b": "2M"} if codec == "libvpx" else {},
    )
    source, facts = opened(path)
    assert facts.has_alpha
    assert facts.frames.count == 6
    with FramePool({"a": source}) as pool:
        for number in (4, 1, 5):
            planes = pool.planes("a", number, WHOLE, Size(*SIZE))
            assert planes.a is not None
            assert planes.a[20, 20] > 250
            assert planes.a[170, 300] < 5
            assert media.read_counter(planes.y) == number


def write_animation(path: Path, delays_ms: list[int]) -> Path:
    animation = cv2.Animation()
    pictures = [media.counter_picture(SIZE, n, alpha=True) for n in range(len(delays_ms))]
    animation.frames = [cv2.cvtColor(picture, cv2.COLOR_RGBA2BGRA) for picture in pictures]
    animation.durations = np.array(delays_ms)
    done, data = cv2.imencodeanimation(".webp", animation)
    assert done
    path.write_bytes(data.tobytes())
    return path


def test_an_animated_webp_moves(folder: Path) -> None:
    source, facts = opened(write_animation(folder / "moving.webp", [50, 50, 200, 50]))
    assert not source.facts.is_image
    assert facts.frames.duration_s == Fraction(35, 100)
    shown = [facts.frames.index_at(Fraction(ms, 1000)) for ms in (0, 60, 120, 290, 310)]
    assert shown == [0, 1, 2, 2, 3]
    with FramePool({"a": source}) as pool:
        raster = pool.bgra("a", 2)
        assert media.read_counter(raster) == 2
        assert raster[170, 300].tolist() == [0, 0, 0, 0]


def test_an_animation_too_large_for_memory_is_refused(folder: Path) -> None:
    data = bytearray(write_animation(folder / "huge.webp", [50, 60]).read_bytes())
    data[24:30] = b"\xff\x3f\x00\xff\x3f\x00"  # a canvas of 16384 × 16384
    (folder / "huge.webp").write_bytes(data)
    with pytest.raises(AssetUnsupported, match="16384×16384 with 2 pictures"):
        probe(folder / "huge.webp")


def test_interlaced_pictures_become_whole_ones_one_for_one(folder: Path) -> None:
    path = media.write_counter_video(
        folder / "i.mkv",
        size=SIZE,
        frames=70,
        options={"preset": "fast", "crf": "18", "x264-params": "tff=1:interlaced=1"},
    )
    source, facts = opened(path)
    assert facts.is_interlaced
    assert facts.frames.count == 70
    reader = VideoSource(source)
    shown = {number: reader.frame(number) for number in (0, 1, 2, 33, 69, 10)}
    assert {number: counter(frame) for number, frame in shown.items()} == {n: n for n in shown}
    through = VideoSource(source)
    for number in range(34):
        frame = through.frame(number)
    assert np.array_equal(frame.to_ndarray(format="gray"), shown[33].to_ndarray(format="gray"))


def test_colours_of_each_matrix_and_range_come_out_as_709_limited(folder: Path) -> None:
    red = np.zeros((*SIZE[::-1], 3), np.uint8)
    red[:] = (200, 40, 30)
    for matrix, full in ((1, False), (5, False), (1, True), (5, True)):
        path = folder / f"colour{matrix}{full}.mkv"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("ffv1", rate=25)
            stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv444p"
            context = stream.codec_context
            context.colorspace, context.color_range = matrix, 2 if full else 1
            frame = av.VideoFrame.from_ndarray(red, "rgb24").reformat(
                format="yuv444p",
                dst_colorspace=matrix,
                src_color_range=2,
                dst_color_range=2 if full else 1,
            )
            frame.colorspace, frame.color_range = matrix, 2 if full else 1
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        with FramePool({"a": opened(path)[0]}) as pool:
            planes = pool.planes("a", 0, WHOLE, Size(*SIZE))
            found = [int(plane[40, 40]) for plane in (planes.y, planes.u, planes.v)]
            wanted = [int(plane[40, 40]) for plane in media.yuv_planes(red)]
            assert np.abs(np.subtract(found, wanted)).max() <= 2, (matrix, full)


def test_hdr_is_mapped_and_never_clipped(folder: Path) -> None:
    """PQ codes of 100, 203, 1000 and 4000 cd/m²: still told apart, white not burnt out."""
    path = folder / "pq.mkv"
    codes, levels = (509, 572, 722, 854), (126, 149, 193, 221)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p10le"
        context = stream.codec_context
        context.colorspace, context.color_primaries, context.color_trc = 9, 9, 16
        context.color_range = 1
        frame = av.VideoFrame(*SIZE, "yuv420p10le")
        for plane, neutral in zip(frame.planes, (None, 512, 512), strict=True):
            row = np.full(plane.line_size // 2, 512, np.uint16)
            if neutral is None:  # four bands, left to right
                row[: plane.width] = np.repeat(codes, plane.width // 4)
            plane.update(np.tile(row, plane.height).tobytes())
        frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range = 9, 9, 16, 1
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    source, facts = opened(path)
    assert (facts.transfer, facts.primaries) == ("pq", "bt2020")
    with FramePool({"a": source}) as pool:
        shown = pool.planes("a", 0, WHOLE, Size(*SIZE)).y[90, 40::80].astype(int)
    assert np.abs(shown - levels).max() <= 3


def test_wide_pixels_are_shown_wide(folder: Path) -> None:
    options = {"x264-params": "sar=4/3", "preset": "fast"}
    path = media.write_counter_video(folder / "wide.mp4", size=SIZE, frames=3, options=options)
    source, facts = opened(path)
    assert (facts.width, facts.height) == (427, 180)
    with FramePool({"a": source}) as pool:
        assert pool.bgra("a", 2).shape == (180, 427, 4)
        assert media.read_counter(pool.bgra("a", 2)) == 2


def test_odd_sides_stay_odd_and_become_even_planes(folder: Path) -> None:
    path = media.write_counter_video(
        folder / "odd.mkv", size=(161, 91), frames=2, codec="ffv1", pixel_format="bgr0", options={}
    )
    source, facts = opened(path)
    assert (facts.width, facts.height) == (161, 91)
    with FramePool({"a": source}) as pool:
        assert media.read_counter(pool.bgra("a", 1)) == 1
        planes = pool.planes("a", 1, Rect(0, 0, 161, 91), Size(162, 92))
        assert planes.size == Size(162, 92)
        assert media.read_counter(planes.y) == 1


def test_a_clock_that_starts_again_is_counted_through() -> None:
    stamps = [index.Stamps(n * 3600, n * 3600, 3600, n == 0, False) for n in (*range(50, 75), 0, 1)]
    table = index.table_from_packets(stamps, 90_000.0)
    assert table.is_counted
    assert np.diff(index.index_of(table).ticks).tolist() == [3600] * 26
    silent = [index.Stamps(None, None, 40, True, False) for _ in range(5)]
    assert index.index_of(index.table_from_packets(silent, 1000.0)).ticks == (0, 40, 80, 120, 160)


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("ten.mkv", "libx264", "yuv420p10le"),
        ("ten422.mov", "prores_ks", "yuv422p10le"),
        ("half.mkv", "libx264", "yuv422p"),
        ("full.mkv", "libx264", "yuvj420p"),
        ("grey.mkv", "ffv1", "gray"),
        ("moving.gif", "gif", "rgb8"),
    ],
)
def test_every_pixel_format_is_read_anywhere(
    folder: Path, name: str, codec: str, pixel_format: str
) -> None:
    path = media.write_counter_video(
        folder / name, size=SIZE, frames=40, codec=codec, pixel_format=pixel_format, options={}
    )
    source, facts = opened(path)
    assert facts.frames.count == 40
    with FramePool({"a": source}) as pool:
        for number in (31, 0, 39, 12, 13):
            planes = pool.planes("a", number, WHOLE, Size(*SIZE))
            assert media.read_counter(planes.y) == number
            assert media.read_counter(pool.bgra("a", number)) == number
            assert (planes.a is not None) == facts.has_alpha


@pytest.mark.parametrize(("start", "rebase", "first"), [(30, 0, 30), (0, 5 * 512, 5)])
def test_late_and_negative_starts_begin_with_the_first_picture_shown(
    folder: Path, start: int, rebase: int, first: int
) -> None:
    """A file that begins a second late, and one whose first pictures lie before its time 0."""
    plain = media.write_counter_video(folder / f"s{start}.mp4", size=SIZE, frames=70, **B_FRAMES)
    path = cut(plain, folder / f"from{start}.mp4", start=start, rebase=rebase)
    source, facts = opened(path)
    reader = VideoSource(source)
    wanted = (0, 1, 37, 3, facts.frames.count - 1)
    assert [counter(reader.frame(number)) - number for number in wanted] == [first] * 5
    assert counter(reader.frame(10_000)) == 69
    reader.close()


def test_a_hole_in_a_file_costs_no_more_than_its_gop(folder: Path) -> None:
    """Zeros over twelve pictures: none fails, and from the next keyframe on all are right."""
    path = media.write_counter_video(folder / "hole.mp4", size=SIZE, frames=120, **B_FRAMES)
    source, _ = opened(path)
    with av.open(str(path)) as container:
        places = [(p.pos, p.size, p.pts) for p in container.demux(video=0) if p.size]
    data = bytearray(path.read_bytes())
    for pos, size, pts in places:
        if 40 * 512 <= pts < 52 * 512:
            data[pos : pos + size] = bytes(size)
    (folder / "holed.mp4").write_bytes(data)
    reader = VideoSource(LocalSource(folder / "holed.mp4", source.facts))
    shown = [reader.frame(number) for number in range(120)]
    sound = [*range(40), *range(60, 120)]  # up to the next keyframe pictures lean on the hole
    assert [counter(shown[number]) for number in sound] == sound
    assert reader.frames_damaged > 0
    assert counter(reader.frame(39)) == 39
    reader.close()
