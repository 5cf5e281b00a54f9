"""What a file is and what is in it, without decoding more than its first picture."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import (
    ANIMATIONS,
    AudioFacts,
    Coding,
    FrameTimes,
    MediaFacts,
    VideoFacts,
)
from vidgenie.engine.animation import animation_facts
from vidgenie.engine.captions.read import caption_facts, caption_kind
from vidgenie.engine.demux.avcc import parameter_facts
from vidgenie.engine.demux.index import (
    FRAMES_MAX,
    Stamps,
    StreamIndex,
    index_of,
    read_packets,
    table_from_file,
    table_from_packets,
)
from vidgenie.engine.demux.lottie import is_lottie, lottie_facts
from vidgenie.engine.demux.opened import make_decoder, open_container, picture_stream, reading
from vidgenie.engine.demux.sniff import HEAD_SIZE, STILLS, container_of, is_animated, sniff
from vidgenie.engine.fontfile import KINDS, font_facts
from vidgenie.errors import AssetUnsupported

if TYPE_CHECKING:
    from av.packet import Packet

SIDE_MAX = 16_384
"""Pixels: larger pictures need more memory than a worker has (16k² × 4 bytes is 1 GiB)."""

MATRICES = {1: "bt709", 5: "bt601", 6: "bt601", 7: "bt709", 9: "bt2020", 10: "bt2020"}
TRANSFERS = {16: "pq", 18: "hlg"}
BT2020 = 9
"""Numbers of ITU-T H.273: matrices, transfer curves, primaries."""


def font_kind(path: Path) -> str | None:
    """Return which kind of font a file is; None for anything that is no font that can be used."""
    with path.open("rb") as file:
        name = sniff(file.read(HEAD_SIZE))
    return name if name in KINDS else None


def probe(path: Path) -> MediaFacts:
    """Find out what a file holds.

    Raises: AssetUnsupported for anything that is not a whole, known media file.
    """
    kind = caption_kind(path)
    if kind is not None:
        captions = caption_facts(path, kind)
        end = max(cue.end_s for cue in captions.cues)
        return MediaFacts(container=kind, duration_s=end, captions=captions)
    kind = font_kind(path)
    if kind is not None:
        return MediaFacts(container=kind, duration_s=0.0, font=font_facts(path))
    if is_lottie(path):
        return lottie_facts(path)
    name = container_of(path)
    if name == "webp" and is_animated(path):
        return animation_facts(path)
    with reading(name), open_container(path) as container:
        stream = picture_stream(container)
        _check_tiles(container, name)
        video = None if stream is None else _video_facts(path, container, stream)
        audio = _audio_facts(container)
        duration = _duration_s(container, video, name)
    if video is None and audio is None:
        raise AssetUnsupported(f"The {name} file has neither a picture nor a sound in it.")
    return MediaFacts(
        container=name,
        duration_s=duration,
        video=video,
        audio=audio,
        is_image=name in STILLS and video is not None and video.frames.count == 1,
    )


def _audio_facts(container: InputContainer) -> AudioFacts | None:
    if not container.streams.audio:
        return None
    context = container.streams.audio[0].codec_context
    if not context.sample_rate:
        raise AssetUnsupported("The sound has no sample rate: the file is damaged or cut off.")
    return AudioFacts(context.sample_rate, context.layout.nb_channels, context.name)


def _check_tiles(container: InputContainer, name: str) -> None:
    """Refuse pictures that are stored in parts: FFmpeg gives the first part for the whole."""
    count = len(container.streams.video)
    if name in ("heic", "avif") and count > 1:
        raise AssetUnsupported(
            f"The {name} picture is stored in {count} parts (tiles, or its alpha apart), which are"
            " not put together here; convert it to JPEG, PNG or WebP."
        )


def _video_facts(path: Path, container: InputContainer, stream: VideoStream) -> VideoFacts:
    index, first = _read_through(path, container, stream)
    if first is None or not index.ticks:
        raise AssetUnsupported(f"No picture of the {container_of(path)} file can be decoded.")
    assert stream.time_base is not None
    rotation = round(-first.rotation / 90) * 90 % 360
    width, height = _shown_size(stream, first, rotation)
    if max(width, height) > SIDE_MAX:
        raise AssetUnsupported(
            f"The picture is {width}×{height}; at most {SIDE_MAX} pixels a side are decoded."
        )
    names, codec = first.format.name, stream.codec_context
    return VideoFacts(
        width=width,
        height=height,
        frames=frame_times(index, stream.time_base, stream.average_rate),
        codec=codec.name,
        pixel_format=names,
        has_alpha=has_alpha(names),
        rotation=rotation,
        color_space=MATRICES.get(int(first.colorspace)) or ("bt709" if height >= 720 else "bt601"),
        color_range="pc" if _is_full_range(first) else "tv",
        primaries="bt2020" if int(first.color_primaries) == BT2020 else "bt709",
        transfer=TRANSFERS.get(int(first.color_trc), "sdr"),
        is_interlaced=first.interlaced_frame,
        coded=_coding(index, stream, first),
    )


def _coding(index: StreamIndex, stream: VideoStream, first: VideoFrame) -> Coding:
    codec = stream.codec_context
    assert stream.time_base is not None
    aspect = stream.sample_aspect_ratio or codec.sample_aspect_ratio
    return Coding(
        clock=FrameRate(*(1 / stream.time_base).as_integer_ratio()),
        first_tick=index.ticks[0],
        keyframes=index.keyframes,
        open_gops=index.open_gops,
        reorder_depth=codec.reorder_depth,
        profile=str(codec.profile or ""),
        level=codec.level,
        is_counted=index.is_counted,
        has_hidden=index.has_hidden,
        width=first.width,
        height=first.height,
        color=(int(first.color_primaries), int(first.color_trc), int(first.colorspace)),
        has_square_pixels=not aspect or aspect == 1,
        sets=parameter_facts(codec.extradata or b"") if codec.name == "h264" else None,
    )


def has_alpha(pixel_format: str) -> bool:
    """Tell whether pictures of a format may have transparent pixels."""
    return pixel_format.startswith(
        ("yuva", "rgba", "bgra", "argb", "abgr", "ya", "gbrap", "pal8", "ayuv")
    )


def _read_through(
    path: Path, container: InputContainer, stream: VideoStream
) -> tuple[StreamIndex, VideoFrame | None]:
    """Return when every picture is shown, and the first of them."""
    decoder = make_decoder(stream)
    codec = stream.codec_context.name
    stamps: list[Stamps] = []
    first: VideoFrame | None = None
    known: StreamIndex | None = None
    for packet in read_packets(container, stream):
        if not stamps and (table := table_from_file(path, stream, packet)) is not None:
            known = index_of(table, codec)
        if first is None:
            first = _decoded(decoder, packet)
        stamps.append(_stamps_of(packet))
        if len(stamps) > FRAMES_MAX:
            raise AssetUnsupported(f"The source has more than {FRAMES_MAX} frames.")
        if known is not None and first is not None:
            return known, first
    if first is None:
        first = _decoded(decoder, None)
    assert stream.time_base is not None
    return known or index_of(table_from_packets(stamps, float(1 / stream.time_base)), codec), first


def _decoded(
    decoder: av.VideoCodecContext, packet: "Packet[VideoStream] | None"
) -> VideoFrame | None:
    with suppress(av.FFmpegError):
        return next(iter(decoder.decode(packet)), None)
    return None


def _stamps_of(packet: "Packet[VideoStream]") -> Stamps:
    return Stamps(
        packet.pts, packet.dts, packet.duration or 0, packet.is_keyframe, packet.is_discard
    )


def frame_times(index: StreamIndex, time_base: Fraction, average: Fraction | None) -> FrameTimes:
    """Return when each frame begins, from the first on; regular where a clock's rounding allows."""
    count = len(index.ticks)
    if count == 1:
        return FrameTimes(1, FrameRate(*(average or Fraction(25)).as_integer_ratio()))
    ticks = np.array(index.ticks, np.int64) - index.ticks[0]
    numbers = np.arange(count, dtype=np.int64)
    mean = Fraction(count - 1) / (int(ticks[-1]) * time_base)
    for rate in _likely_rates(mean, average):
        step = rate * time_base  # frames per tick
        away = np.abs(ticks * step.numerator - numbers * step.denominator)
        if (away <= step.numerator).all():
            return FrameTimes(count, FrameRate(rate.numerator, rate.denominator))
    mean = mean.limit_denominator(1001)
    scale = time_base.numerator
    return FrameTimes(
        count,
        FrameRate(mean.numerator, mean.denominator),
        tuple((ticks * scale).tolist()),
        time_base.denominator,
        (index.stop_tick - index.ticks[0]) * scale,
    )


def _likely_rates(mean: Fraction, average: Fraction | None) -> Iterator[Fraction]:
    if average:
        yield Fraction(average)
    for known in (24, 25, 30, 50, 60, 12, 15, 48, 120):
        for rate in (Fraction(known), Fraction(known * 1000, 1001)):
            if abs(mean - rate) < rate / 1000:
                yield rate
    yield mean.limit_denominator(1001)


def _shown_size(stream: VideoStream, first: VideoFrame, rotation: int) -> tuple[int, int]:
    """Return the picture's size with square pixels, after its rotation."""
    width, height = first.width, first.height
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    if aspect and aspect != 1 and aspect > 0:
        width = max(1, round(width * aspect))
    return (height, width) if rotation in (90, 270) else (width, height)


def _is_full_range(frame: VideoFrame) -> bool:
    return int(frame.color_range) == 2 or frame.format.name.startswith("yuvj")


def _duration_s(container: InputContainer, video: VideoFacts | None, name: str) -> float:
    """Return how long the source is, in seconds: its pictures, or the container's own word."""
    if video is not None and name in ANIMATIONS:
        return float(video.frames.duration_s)
    if container.duration:
        return container.duration / av.time_base
    if video is None:
        return 0.0
    return float(video.frames.duration_s)
