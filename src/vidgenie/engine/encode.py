"""Rasters and samples into packets, written to a file.

A chunk's file holds one closed run of pictures that begins with an IDR frame. Every encoder gets
the same fixed parameters and one thread: equal settings give equal parameter sets, byte for byte,
and so any chunks of one render can be joined without touching a picture (`stitch.py`).
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.plane import VideoPlane
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vidgenie.core.geometry import Size
from vidgenie.core.plan.model import EncoderSettings
from vidgenie.core.timebase import SAMPLE_RATE_HZ, FrameRate
from vidgenie.core.timeline.model import ResolvedTimeline
from vidgenie.engine.audio.limiter import limited
from vidgenie.engine.audio.mix import mix
from vidgenie.engine.mux import encoding, open_target
from vidgenie.engine.pool import Planes
from vidgenie.engine.source import Assets

X264_FIXED = "threads=1:sliced-threads=0:open-gop=0:force-cfr=1"
"""Closed GOPs, so that a chunk stands alone; a constant frame rate in the parameter sets."""

BT709, LIMITED = 1, 1
"""Values of ITU-T H.273 for primaries, transfer and matrix, and FFmpeg's for "tv" range."""

SOUND_BIT_RATE = 192_000
SOUND_FRAME = 1024
"""Samples of one AAC-LC packet."""


class Sink:
    """Where a chunk's pictures go, in order; made by `open_sink`."""

    def __init__(self, container: OutputContainer, stream: VideoStream, size: Size) -> None:
        self._container = container
        self._stream = stream
        self._size = size
        # One frame for all: x264 copies a picture before its encode call returns.
        self._frame = av.VideoFrame(size.width, size.height, "yuv420p")
        self._frame.colorspace = self._frame.color_primaries = self._frame.color_trc = BT709
        self._frame.color_range = LIMITED
        self.frames = 0

    def encode(self, planes: Planes, repeat: int = 1) -> None:
        """Put out one picture, for `repeat` frames.

        Shapes: `planes` of the sink's size, without alpha.
        Raises: EncodeError, MuxError, OutOfSpace.
        """
        assert planes.a is None, "an output picture is opaque"
        for target, values in zip(self._frame.planes, (planes.y, planes.u, planes.v), strict=True):
            _copy_plane(target, values)
        for _ in range(repeat):
            self._frame.pts = self.frames
            self._frame.time_base = self._stream.codec_context.time_base
            self._put(self._frame)
            self.frames += 1

    def flush(self) -> None:
        """Put out what the encoder still holds."""
        self._put(None)

    def _put(self, frame: av.VideoFrame | None) -> None:
        with encoding(f"frame {self.frames} of the chunk"):
            packets = self._stream.encode(frame)
        self._container.mux(packets)


@contextmanager
def open_sink(
    target: Path, size: Size, rate: FrameRate, settings: EncoderSettings
) -> Iterator[Sink]:
    """Open a chunk's file to encode pictures into; no file is left when the block fails.

    Law: frame `n` has the presentation time n / rate exactly, the first is an IDR frame, and files
    of equal size, rate and settings have equal parameter sets.
    Raises: EncodeError, MuxError, OutOfSpace.
    """
    assert (size.width | size.height) % 2 == 0, f"4:2:0 needs even sides, not {size}"
    with open_target(target, rate=rate) as container:
        stream = container.add_stream(
            "libx264",
            rate=rate.fraction,
            options={
                "preset": settings.preset,
                "crf": str(settings.crf),
                "x264-params": X264_FIXED,
            },
        )
        stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
        context = stream.codec_context
        context.time_base = 1 / rate.fraction
        context.gop_size = settings.gop_frames
        context.thread_count = 1
        context.thread_type = "FRAME"
        context.colorspace = context.color_primaries = context.color_trc = BT709
        context.color_range = LIMITED
        sink = Sink(container, stream, size)
        yield sink
        assert sink.frames > 0, "a chunk has at least one frame"
        sink.flush()


def _copy_plane(target: VideoPlane, values: NDArray[np.uint8]) -> None:
    assert values.shape == (target.height, target.width), (values.shape, target)
    rows = np.frombuffer(memoryview(target), np.uint8).reshape(-1, target.line_size)
    rows[: target.height, : target.width] = values


def encode_sound(
    timeline: ResolvedTimeline,
    assets: Assets,
    target: Path,
    on_progress: Callable[[int], None] | None = None,
) -> None:
    """Mix the whole timeline's sound and encode it: AAC-LC, 192 kbit/s, stereo, in an MP4.

    `on_progress` is told the samples done so far. The encoder's priming samples are marked in the
    file's edit list: players and `stitch` see sample 0 of the mix at time 0.
    Raises: DecodeError, EncodeError, MuxError, OutOfSpace.
    """
    with open_target(target) as container, closing(mix(timeline, assets)) as blocks:
        stream = container.add_stream("aac", rate=SAMPLE_RATE_HZ)
        stream.codec_context.layout = "stereo"
        stream.codec_context.bit_rate = SOUND_BIT_RATE
        done = 0
        for block in limited(blocks):
            for start in range(0, block.shape[1], SOUND_FRAME):
                part = np.ascontiguousarray(block[:, start : start + SOUND_FRAME])
                frame = av.AudioFrame.from_ndarray(part, "fltp", "stereo")
                frame.sample_rate = SAMPLE_RATE_HZ
                frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
                frame.pts = done
                with encoding(f"the sound at sample {done}"):
                    packets = stream.encode(frame)
                container.mux(packets)
                done += part.shape[1]
            if on_progress is not None:
                on_progress(done)
        with encoding("the end of the sound"):
            packets = stream.encode(None)
        container.mux(packets)
    assert done == len(timeline.samples), (done, timeline.samples)
