"""Chunks kept without loss into an animation, GIF or WebP: one encoder over all of them.

Neither can be joined from chunks. A GIF wants one palette of all its colours, and codes only what
differs from the picture before; a WebP encoder chooses over the whole where pictures begin anew.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
from av.container import OutputContainer
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vidgenie.core.geometry import Size
from vidgenie.core.plan.form import Form
from vidgenie.core.plan.quality import QUALITY
from vidgenie.core.timebase import FrameRate
from vidgenie.engine.demux.opened import open_container, reading
from vidgenie.engine.mux import encoding, open_target
from vidgenie.engine.pool import Plane
from vidgenie.engine.stitch import measured
from vidgenie.engine.values import Stitched

CENTISECOND, MILLISECOND = Fraction(1, 100), Fraction(1, 1000)

DRIFT_SIDE = 5
"""In a square of so many pixels the mean of what stays may be off by half of the slack: the eye
takes dots of two colours for the one between, and would see a patch that is a little wrong."""

Ended = (EOFError, BlockingIOError)
"""What PyAV raises when a filter has no more to give: for good, or until it is given more."""


def animate(chunks: Sequence[Path], target: Path, rate: FrameRate, form: Form) -> Stitched:
    """Encode the chunks' pictures, in order, as one animation.

    A chunk may be named more than once. Times are whole hundredths of a second in a GIF and
    thousandths in a WebP: each picture begins at the one nearest to its exact time.
    Raises: EncodeError, MuxError, OutOfSpace.
    """
    size = _size_of(chunks[0])
    unit_s = CENTISECOND if form.format == "gif" else MILLISECOND
    pictures = _timed(_pictures(chunks), rate, unit_s)
    if form.format == "gif":
        pictures = _in_colors(pictures, palette_of(chunks, form), size, form)
    count = 0
    with open_target(target, container=form.format, options=_loop(form)) as container:
        stream = _stream(container, size, rate, form)
        stream.codec_context.time_base = unit_s
        for frame in pictures:
            _put(container, stream, frame)
            count += 1
        _put(container, stream, None)
    return measured(target, frames=count, duration_s=float(rate.seconds_at(count)))


def palette_of(chunks: Sequence[Path], form: Form) -> VideoFrame:
    """Return one palette for all pictures, as a frame of 16×16 colours.

    A chunk counts once however often it is shown: a long still does not take the others' colours.
    """
    graph = Graph()
    source = _buffer(graph, _size_of(chunks[0]))
    colors = QUALITY[form.quality].gif_colors
    maker = graph.add("palettegen", f"max_colors={colors}:stats_mode=full")
    sink = graph.add("buffersink")
    source.link_to(maker)
    maker.link_to(sink)
    graph.configure()
    with encoding("the palette"):
        for number, frame in enumerate(_pictures(list(dict.fromkeys(chunks)))):
            frame.pts, frame.time_base = number, CENTISECOND
            source.push(frame)
        source.push(None)
        palette = sink.pull()
    assert isinstance(palette, VideoFrame)
    return palette


def _in_colors(
    pictures: Iterator[VideoFrame], palette: VideoFrame, size: Size, form: Form
) -> Iterator[VideoFrame]:
    """Yield the pictures in a palette's colours; times and durations stay."""
    graph = Graph()
    source = _buffer(graph, size)
    colors = _buffer(graph, Size(palette.width, palette.height))
    dither = QUALITY[form.quality].gif_dither
    chooser = graph.add("paletteuse", f"dither={dither}:diff_mode=rectangle")
    sink = graph.add("buffersink")
    source.link_to(chooser, 0, 0)
    colors.link_to(chooser, 0, 1)
    chooser.link_to(sink)
    graph.configure()
    palette.pts, palette.time_base = 0, CENTISECOND
    colors.push(palette)
    colors.push(None)
    waiting: list[VideoFrame] = []
    settled = Settled(QUALITY[form.quality].gif_slack)
    for frame in pictures:
        waiting.append(frame)
        source.push(frame)
        yield from _pulled(sink, waiting, settled)
    source.push(None)
    yield from _pulled(sink, waiting, settled)


def _pulled(
    sink: FilterContext, waiting: list[VideoFrame], settled: "Settled"
) -> Iterator[VideoFrame]:
    while True:
        try:
            found = sink.pull()
        except Ended:
            return
        assert isinstance(found, VideoFrame)
        frame = waiting.pop(0)
        kept = settled.keep(frame, found)
        kept.time_base, kept.pts, kept.duration = frame.time_base, frame.pts, frame.duration
        yield kept


class Settled:
    """Lets a pixel stay as it is shown where its new colour would hardly be nearer to the truth.

    Grain, and the dots of a dither, change every pixel of every picture a little, and a GIF codes
    what changes: of a grainy film that was nearly all of its bytes.
    """

    def __init__(self, slack: int) -> None:
        """`slack`: by so much of 255 a colour that stays may be further off than the new one."""
        self._slack = slack
        self._shown: Plane | None = None
        self._indices: Plane | None = None

    def keep(self, true: VideoFrame, found: VideoFrame) -> VideoFrame:
        """Return `found` (pal8) with what may stay as it was; `true` is its picture in BGRA."""
        colors = np.frombuffer(memoryview(found.planes[1]), np.uint8)[:1024].view(np.uint32)
        indices = _rows(found)[:, : found.width].copy()
        shown = _colored(indices, colors)
        if self._indices is not None and self._shown is not None:
            aim = _rows(true)[:, : 4 * true.width].reshape(shown.shape)
            off, new = _distance(aim, self._shown), _distance(aim, shown)
            stays = off <= cv2.add(new, np.full_like(new, self._slack))
            stays &= shown[..., 3] == self._shown[..., 3]
            mixed = np.where(stays[..., None], self._shown, shown)
            stays &= _drift(aim, mixed) <= (self._slack + 1) // 2
            np.copyto(indices, self._indices, where=stays)
            shown = _colored(indices, colors)
        self._indices, self._shown = indices, shown
        made = VideoFrame(found.width, found.height, "pal8")
        _rows(made)[:, : found.width] = indices
        np.frombuffer(memoryview(made.planes[1]), np.uint8)[:1024] = colors.view(np.uint8)
        return made


def _drift(aim: Plane, shown: Plane) -> Plane:
    """Return by how much the mean colour around each pixel is off. Shapes: (height, width)."""
    mean = cv2.blur(cv2.subtract(shown, aim, dtype=cv2.CV_16S), (DRIFT_SIDE, DRIFT_SIDE))
    b, g, r, _ = cv2.split(cv2.convertScaleAbs(mean))
    return np.asarray(cv2.max(cv2.max(b, g), r), np.uint8)


def _rows(frame: VideoFrame) -> Plane:
    plane = frame.planes[0]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height]


def _colored(indices: Plane, colors: NDArray[np.uint32]) -> Plane:
    """Return an indexed picture in BGRA. Shapes: (height, width) → (height, width, 4)."""
    return colors[indices].view(np.uint8).reshape(*indices.shape, 4)


def _distance(one: Plane, other: Plane) -> Plane:
    """Return by how much each pixel's most different colour differs. Shapes: (height, width)."""
    b, g, r, _ = cv2.split(cv2.absdiff(one, other))
    return np.asarray(cv2.max(cv2.max(b, g), r), np.uint8)


def _buffer(graph: Graph, size: Size) -> FilterContext:
    """Return the door through which BGRA pictures come into a graph."""
    form = VideoFormat("bgra", size.width, size.height)
    return graph.add_buffer(
        width=size.width, height=size.height, format=form, time_base=CENTISECOND
    )


def _stream(container: OutputContainer, size: Size, rate: FrameRate, form: Form) -> VideoStream:
    step = QUALITY[form.quality]
    options = {} if form.format == "gif" else {"quality": str(step.webp), "compression_level": "4"}
    name = "gif" if form.format == "gif" else "libwebp_anim"
    stream = container.add_stream(name, rate=rate.fraction, options=options)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size.width, size.height
    stream.pix_fmt = "pal8" if form.format == "gif" else "bgra"
    return stream


def _loop(form: Form) -> dict[str, str]:
    """Return how often the muxer is to say it plays: 0 is for ever."""
    if form.format == "gif":
        return {"loop": "0" if form.repeat else "-1"}
    return {"loop": "0" if form.repeat else "1"}


def _timed(
    pictures: Iterator[VideoFrame], rate: FrameRate, unit_s: Fraction
) -> Iterator[VideoFrame]:
    for number, frame in enumerate(pictures):
        begin, end = (round(rate.seconds_at(n) / unit_s) for n in (number, number + 1))
        frame.time_base, frame.pts, frame.duration = unit_s, begin, end - begin
        yield frame


def _pictures(chunks: Sequence[Path]) -> Iterator[VideoFrame]:
    for path, times in groupby(chunks):
        for _ in times:
            with reading(path.name), open_container(path) as container:
                container.streams.video[0].codec_context.thread_count = 1
                yield from container.decode(video=0)


def _size_of(path: Path) -> Size:
    with reading(path.name), open_container(path) as container:
        context = container.streams.video[0].codec_context
        return Size(context.width, context.height)


def _put(container: OutputContainer, stream: VideoStream, frame: VideoFrame | None) -> None:
    with encoding("the animation"):
        packets = stream.encode(frame)
    container.mux(packets)
