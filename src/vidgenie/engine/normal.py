"""Pictures made ordinary by FFmpeg's filters: deinterlaced, and HDR brought to BT.709."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.filter import Graph
from av.video.frame import VideoFrame

HDR_SCALE = (
    "w={width}:h={height}:flags=bicubic+accurate_rnd:in_range={range}:out_range=tv"
    ":out_color_matrix=bt709:out_primaries=bt709:out_transfer=bt709:intent=perceptual"
)
"""swscale of FFmpeg 8 reads the frame's own curve and primaries, and maps what BT.709 has not."""

_SCALERS: dict[tuple[object, ...], Graph] = {}
"""Kept by what goes in and comes out: the table of colours takes seconds to make."""

SCALERS_MAX = 4


class Deinterlacer:
    """Makes whole pictures of interlaced ones, one for each; others pass untouched.

    It looks at the picture before and after: what comes out is one picture late.
    """

    def __init__(self) -> None:
        self._graph: Graph | None = None

    def put(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """Yield what is ready after one more picture; None for the end."""
        if self._graph is None:
            if frame is None:
                return
            self._graph = _chain(frame, ("bwdif", "mode=send_frame:deint=interlaced"))
        self._graph.push(frame)
        while True:
            try:
                made = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            assert isinstance(made, VideoFrame)
            if made.pts is not None:
                made.pts //= 2  # bwdif counts in half ticks, and leaves the time base to the link
            yield made


def to_bt709(frame: VideoFrame, size: tuple[int, int], *, is_full: bool) -> VideoFrame:
    """Return an HDR or BT.2020 picture in BT.709, scaled to `size`, 8-bit 4:2:0 limited range.

    Source: ITU-R BT.2408 puts HDR's reference white at 203 cd/m²; it lands at 149 of 235 here.
    """
    frame.time_base = frame.time_base or Fraction(1, 25)
    scale = HDR_SCALE.format(width=size[0], height=size[1], range="pc" if is_full else "tv")
    form = (frame.width, frame.height, frame.format.name, frame.time_base, scale)
    if form not in _SCALERS:
        if len(_SCALERS) >= SCALERS_MAX:
            del _SCALERS[next(iter(_SCALERS))]
        _SCALERS[form] = _chain(frame, ("scale", scale), ("format", "yuv420p"))
    graph = _SCALERS[form]
    graph.push(frame)
    made = graph.pull()
    assert isinstance(made, VideoFrame)
    return made


def _chain(frame: VideoFrame, *filters: tuple[str, str]) -> Graph:
    graph = Graph()
    graph.threads = 1
    last = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=frame.format,
        time_base=frame.time_base or Fraction(1, 25),
    )
    for name, arguments in filters:
        step = graph.add(name, arguments)
        last.link_to(step)
        last = step
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph
