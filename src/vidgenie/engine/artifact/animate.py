"""Chunks kept without loss into an animation, GIF or WebP: one encoder over all of them.

Neither can be joined from chunks. A GIF wants one palette of all its colours, and codes only what
differs from the picture before; a WebP encoder chooses over the whole where pictures begin anew.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from av.container import OutputContainer
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidgenie.core.geometry import Size
from vidgenie.core.plan.form import Form
from vidgenie.core.plan.quality import QUALITY
from vidgenie.core.timebase import FrameRate
from vidgenie.engine.demux.opened import open_container, reading
from vidgenie.engine.mux import encoding, open_target
from vidgenie.engine.stitch import measured
from vidgenie.engine.values import Stitched

CENTISECOND, MILLISECOND = Fraction(1, 100), Fraction(1, 1000)

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
    lengths: list[int] = []
    for frame in pictures:
        lengths.append(frame.duration)
        source.push(frame)
        yield from _pulled(sink, lengths)
    source.push(None)
    yield from _pulled(sink, lengths)


def _pulled(sink: FilterContext, lengths: list[int]) -> Iterator[VideoFrame]:
    while True:
        try:
            frame = sink.pull()
        except Ended:
            return
        assert isinstance(frame, VideoFrame)
        frame.duration = lengths.pop(0)
        yield frame


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
