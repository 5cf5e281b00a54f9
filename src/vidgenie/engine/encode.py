"""Rasters and samples into packets, written to a file.

A chunk's file holds one closed run of pictures that begins with a keyframe nothing refers beyond.
Every encoder gets the same fixed parameters and one thread: equal settings give equal parameter
sets, byte for byte, and so any chunks of one render can be joined without touching a picture
(`stitch.py`).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidgenie.core.geometry import Size
from vidgenie.core.plan.form import SoundSettings
from vidgenie.core.plan.model import EncoderSettings
from vidgenie.core.plan.quality import SoundCodec, VideoCodec
from vidgenie.core.timebase import SAMPLE_RATE_HZ, FrameRate
from vidgenie.core.timeline.model import ResolvedTimeline
from vidgenie.engine.audio.master import mastered
from vidgenie.engine.mux import BT709, LIMITED, encoding, open_target
from vidgenie.engine.paint.convert import copy_plane, frame_of, scaled, scaled_planes
from vidgenie.engine.pool import Plane, Planes
from vidgenie.engine.values import Assets


@dataclass(frozen=True, slots=True)
class Encoder:
    """One codec's encoder. `container` is that of its chunks: able to hold all it puts out.

    `reorder_frames`: by how many frames decoding runs ahead of showing, where we must say so:
    libx265 gives the first packets of a short run no valid decoding time.
    """

    name: str
    pixel_format: str
    container: str
    options: Mapping[str, str]
    alpha_format: str | None = None
    rate_factor: str = "crf"
    preset: str = "preset"
    reorder_frames: int | None = None


X264_FIXED = "threads=1:sliced-threads=0:open-gop=0:force-cfr=1"
"""Closed GOPs, so that a chunk stands alone; a constant frame rate in the parameter sets."""

X265_FIXED = "pools=none:frame-threads=1:wpp=0:open-gop=0:info=0:log-level=error"
"""As X264_FIXED; `info=0`: the encoder does not write its own name into every chunk."""

SVT_FIXED = "lp=1:irefresh-type=2"
"""One thread's work, and keyframes that nothing refers beyond."""

SVT_ERRORS = "1"
"""The encoder tells its settings to standard error, unless its own variable says: only errors."""

VP9_FIXED = {"deadline": "good", "b": "0", "row-mt": "0", "lag-in-frames": "16"}

ENCODERS: Mapping[VideoCodec, Encoder] = {
    "h264": Encoder("libx264", "yuv420p", "mp4", {"x264-params": X264_FIXED}),
    "h265": Encoder("libx265", "yuv420p", "mp4", {"x265-params": X265_FIXED}, reorder_frames=2),
    "av1": Encoder("libsvtav1", "yuv420p", "mp4", {"svtav1-params": SVT_FIXED}),
    # Alpha is a second stream beside the picture: frames that are not shown have none.
    "vp9": Encoder("libvpx-vp9", "yuv420p", "matroska", VP9_FIXED, "yuva420p", preset="cpu-used"),
    "prores": Encoder(
        "prores_ks",
        "yuv444p10le",
        "mov",
        {"profile": "4444", "vendor": "apl0", "alpha_bits": "16"},
        "yuva444p10le",
        rate_factor="global_quality",
    ),
    "ffv1": Encoder("ffv1", "bgra", "matroska", {"level": "3", "slices": "4"}, "bgra"),
}


class Sink:
    """Where a chunk's pictures go, in order; made by `open_sink`."""

    def __init__(
        self, container: OutputContainer, stream: VideoStream, size: Size, encoder: Encoder
    ) -> None:
        self._container = container
        self._stream = stream
        self._size = size
        self._encoder = encoder
        self._packets = 0
        # One frame for all: x264 copies a picture before its encode call returns.
        self._frame = _tagged(VideoFrame(size.width, size.height, "yuv420p"))
        self.frames = 0

    def encode(self, picture: Planes | Plane, repeat: int = 1) -> None:
        """Put out one picture, for `repeat` frames; it is scaled to the sink's size.

        Shapes: planes without alpha, or premultiplied BGRA (height, width, 4), as the settings'
        `wants_rasters` says.
        Raises: EncodeError, MuxError, OutOfSpace.
        """
        frame = self._planes(picture) if isinstance(picture, Planes) else self._raster(picture)
        for _ in range(repeat):
            frame.pts = self.frames
            frame.time_base = self._stream.codec_context.time_base
            self._put(frame)
            self.frames += 1

    def _planes(self, planes: Planes) -> VideoFrame:
        assert planes.a is None, "an output picture is opaque"
        if planes.size != self._size:
            planes = scaled_planes(planes, self._size)
        if self._encoder.name != "libx264":
            self._frame = _tagged(VideoFrame(self._size.width, self._size.height, "yuv420p"))
        for target, values in zip(self._frame.planes, (planes.y, planes.u, planes.v), strict=True):
            copy_plane(target, values)
        return self._frame

    def _raster(self, pixels: Plane) -> VideoFrame:
        pixel_format = self._stream.codec_context.pix_fmt
        assert pixel_format is not None
        frame = frame_of(scaled(pixels, self._size), pixel_format)
        return frame if pixel_format == "bgra" else _tagged(frame)

    def flush(self) -> None:
        """Put out what the encoder still holds."""
        self._put(None)

    def _put(self, frame: VideoFrame | None) -> None:
        with encoding(f"frame {self.frames} of the chunk"):
            packets = self._stream.encode(frame)
        for packet in packets:
            if self._encoder.reorder_frames is not None:
                packet.dts = self._packets - self._encoder.reorder_frames
            self._packets += 1
            self._container.mux(packet)


def _tagged(frame: VideoFrame) -> VideoFrame:
    frame.colorspace = frame.color_primaries = frame.color_trc = BT709
    frame.color_range = LIMITED
    return frame


@contextmanager
def open_sink(
    target: Path, size: Size, rate: FrameRate, settings: EncoderSettings
) -> Iterator[Sink]:
    """Open a chunk's file to encode pictures into; no file is left when the block fails.

    `size` is that of the pictures; the file's is `settings.scale_to` where that is given.
    Law: frame `n` has the presentation time n / rate (in Matroska to the nearest millisecond), the
    first is a keyframe, and files of equal size, rate and settings have equal parameter sets.
    Raises: EncodeError, MuxError, OutOfSpace.
    """
    size = settings.scale_to or size
    assert (size.width | size.height) % 2 == 0, f"4:2:0 needs even sides, not {size}"
    encoder = ENCODERS[settings.codec]
    if settings.codec == "av1":
        os.environ.setdefault("SVT_LOG", SVT_ERRORS)
    with open_target(target, rate=rate, container=encoder.container) as container:
        stream = container.add_stream(
            encoder.name, rate=rate.fraction, options=_options(encoder, settings)
        )
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size.width, size.height
        pixel_format = encoder.alpha_format if settings.has_alpha else None
        stream.pix_fmt = pixel_format or encoder.pixel_format
        if encoder.name == "libvpx-vp9" and settings.has_alpha:
            stream.metadata["alpha_mode"] = "1"
        context = stream.codec_context
        context.time_base = 1 / rate.fraction
        context.gop_size = settings.gop_frames
        context.thread_count = 1
        context.thread_type = "FRAME"
        if not stream.pix_fmt.startswith("bgr"):
            context.colorspace = context.color_primaries = context.color_trc = BT709
            context.color_range = LIMITED
        sink = Sink(container, stream, size, encoder)
        yield sink
        assert sink.frames > 0, "a chunk has at least one frame"
        sink.flush()


def _options(encoder: Encoder, settings: EncoderSettings) -> dict[str, str]:
    options = dict(encoder.options)
    if settings.codec == "h264" and settings.parameter_id:
        options["x264-params"] += f":sps-id={settings.parameter_id}"
    if settings.codec == "prores":
        options["global_quality"] = str(settings.crf * FF_QP2LAMBDA)
        options["flags"] = "+qscale"
    elif settings.codec != "ffv1":
        options["crf"] = str(settings.crf)
        options[encoder.preset] = settings.preset
    if settings.codec == "vp9" and settings.has_alpha:
        options["auto-alt-ref"] = "0"
    return options


FF_QP2LAMBDA = 118
"""FFmpeg's unit of `global_quality`: a quantiser times this (libavutil/avutil.h)."""


@dataclass(frozen=True, slots=True)
class SoundEncoder:
    """One codec's encoder, and the file its sound is kept in."""

    name: str
    container: str
    sample_format: str


SOUND_ENCODERS: Mapping[SoundCodec, SoundEncoder] = {
    "aac": SoundEncoder("aac", "mp4", "fltp"),
    "opus": SoundEncoder("libopus", "ogg", "flt"),
    "mp3": SoundEncoder("libmp3lame", "mp3", "fltp"),
    "pcm": SoundEncoder("pcm_s16le", "wav", "s16"),
}


def encode_sound(
    timeline: ResolvedTimeline,
    assets: Assets,
    target: Path,
    settings: SoundSettings | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> None:
    """Mix the whole timeline's sound, make it as loud as asked for, and encode it in stereo.

    `on_progress` is told the samples done so far. The encoder's priming samples are marked in the
    file's edit list: players and `stitch` see sample 0 of the mix at time 0.
    Raises: DecodeError, EncodeError, MuxError, OutOfSpace.
    """
    settings = settings or SoundSettings()
    encoder = SOUND_ENCODERS[settings.codec]
    with (
        open_target(target, container=encoder.container) as container,
        closing(mastered(timeline, assets)) as blocks,
    ):
        stream = container.add_stream(encoder.name, rate=SAMPLE_RATE_HZ)
        assert isinstance(stream, AudioStream)
        stream.codec_context.layout = "stereo"
        stream.codec_context.format = encoder.sample_format
        if settings.bit_rate:
            stream.codec_context.bit_rate = settings.bit_rate
        done = 0
        for block in blocks:
            # PyAV cuts what comes into the codec's own packets, in its own sample format.
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "stereo")
            frame.sample_rate = SAMPLE_RATE_HZ
            frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
            frame.pts = done
            with encoding(f"the sound at sample {done}"):
                packets = stream.encode(frame)
            container.mux(packets)
            done += block.shape[1]
            if on_progress is not None:
                on_progress(done)
        with encoding("the end of the sound"):
            packets = stream.encode(None)
        container.mux(packets)
    assert done == len(timeline.samples), (done, timeline.samples)
