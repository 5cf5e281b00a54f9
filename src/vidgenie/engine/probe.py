"""What a file is and what is in it, without decoding more than its first picture.

FFmpeg never guesses here: the first bytes name the container, and only that demuxer is opened. A
list of other files (a playlist, an ffconcat script) is refused, whatever its name says.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import AudioFacts, FrameTimes, MediaFacts, VideoFacts
from vidgenie.engine.fontfile import KINDS, font_facts
from vidgenie.errors import AssetUnsupported

HEAD_SIZE = 4096
"""Bytes read to tell what a file is."""

FRAMES_MAX = 3 * 3600 * 120
"""Frames of one source: three hours at 120 a second, as long as an output may be."""

SIDE_MAX = 16_384
"""Pixels: larger pictures need more memory than a worker has (16k² × 4 bytes is 1 GiB)."""

CONTAINERS = {
    "mov": "mov",
    "matroska": "matroska",
    "avi": "avi",
    "mpegts": "mpegts",
    "gif": "gif",
    "png": "png_pipe",
    "jpeg": "jpeg_pipe",
    "webp": "webp_pipe",
    "bmp": "bmp_pipe",
    "tiff": "tiff_pipe",
    "mp3": "mp3",
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "aac": "aac",
    "aiff": "aiff",
}
"""What a source may be, and the FFmpeg demuxer that reads it."""

STILLS = frozenset({"png", "jpeg", "webp", "bmp", "tiff"})

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp", "mov"),
    (4, b"moov", "mov"),
    (4, b"mdat", "mov"),
    (4, b"wide", "mov"),
    (4, b"free", "mov"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF8", "gif"),
    (0, b"BM", "bmp"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"ID3", "mp3"),
    (0, b"\x00\x01\x00\x00\x00", "ttf"),
    (0, b"true", "ttf"),
    (0, b"OTTO", "otf"),
    (0, b"ttcf", "ttc"),
    (0, b"wOF2", "woff2"),
    (0, b"wOFF", "woff"),
)
_RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp"}


def sniff(head: bytes) -> str | None:
    """Return what a file is by its first bytes, or None for anything not on the list."""
    for offset, magic, name in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return name
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[:1] == b"\x47" and head[188:189] in (b"\x47", b""):
        return "mpegts"
    if len(head) > 1 and head[0] == 0xFF:
        if head[1] & 0xF6 == 0xF0:
            return "aac"
        if head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
            return "mp3"
    return None


def describe(head: bytes) -> str:
    """Return in words what an unknown file looks like."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lower = text[:64].lower()
    if not head:
        return "an empty file"
    if lower.startswith((b"#extm3u", b"ffconcat", b"[playlist]", b"v=0")):
        return "a playlist, which names other files instead of being one"
    if b"<mpd" in head[:1024].lower():
        return "a DASH manifest, which names other files instead of being one"
    if lower.startswith((b"<!doctype html", b"<html")):
        return "a web page (does its address need a login?)"
    if lower.startswith((b"{", b"[")):
        return "a JSON text"
    if lower.startswith((b"<?xml", b"<svg", b"<")):
        return "an XML text"
    return "not a known media file"


def container_of(path: Path) -> str:
    """Return the container of a media file; raises AssetUnsupported with what was found."""
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
    name = sniff(head)
    if name not in CONTAINERS:
        kinds = ", ".join(sorted(CONTAINERS))
        found = describe(head) if name is None else f"a {name} font"
        raise AssetUnsupported(f"The source is {found}; accepted are {kinds}.")
    return name


def font_kind(path: Path) -> str | None:
    """Return which kind of font a file is; None for anything that is no font that can be used."""
    with path.open("rb") as file:
        name = sniff(file.read(HEAD_SIZE))
    return name if name in KINDS else None


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn FFmpeg's errors on the reading side into AssetUnsupported."""
    try:
        yield
    except (av.FFmpegError, av.error.InvalidDataError) as error:
        raise AssetUnsupported(
            f"The {name} file is damaged or cut off: {error.strerror or error}."
        ) from error


def open_container(path: Path) -> InputContainer:
    """Open a media file by its content, never by its name, and nothing that it may name.

    Raises: AssetUnsupported.
    """
    name = container_of(path)
    with reading(name):
        return av.open(
            str(path),
            format=CONTAINERS[name],
            container_options={
                "protocol_whitelist": "file",
                "format_whitelist": CONTAINERS[name],
            },
            metadata_errors="replace",
        )


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the first video stream that is not an embedded cover picture."""
    for stream in container.streams.video:
        if av.stream.Disposition.attached_pic not in stream.disposition:
            return stream
    return None


def make_decoder(stream: VideoStream) -> av.VideoCodecContext:
    """Return the decoder of a stream; transparent VP8 and VP9 need libvpx to keep their alpha."""
    context = stream.codec_context
    if has_side_alpha(stream):
        name = "libvpx" if context.name == "vp8" else "libvpx-vp9"
        decoder = av.CodecContext.create(name, "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.extradata = context.extradata
        context = decoder
    context.thread_count = 1  # workers are processes: a second thread takes another's core
    return context


def has_side_alpha(stream: VideoStream) -> bool:
    """Tell whether WebM carries the alpha beside the picture, where most decoders drop it."""
    is_vpx = stream.codec_context.name in ("vp8", "vp9", "libvpx", "libvpx-vp9")
    return is_vpx and stream.metadata.get("alpha_mode", stream.metadata.get("ALPHA_MODE")) == "1"


def probe(path: Path) -> MediaFacts:
    """Find out what a file holds.

    Raises: AssetUnsupported for anything that is not a whole, known media file.
    """
    kind = font_kind(path)
    if kind is not None:
        return MediaFacts(container=kind, duration_s=0.0, font=font_facts(path))
    name = container_of(path)
    with reading(name), open_container(path) as container:
        stream = picture_stream(container)
        video = None if stream is None else _video_facts(container, stream, name)
        audio = _audio_facts(container)
        duration = _duration_s(container, video)
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


def _video_facts(container: InputContainer, stream: VideoStream, name: str) -> VideoFacts:
    ticks, first = _read_through(container, stream)
    if first is None or not ticks:
        raise AssetUnsupported(f"No picture of the {name} file can be decoded.")
    assert stream.time_base is not None
    rotation = round(-first.rotation / 90) * 90 % 360
    width, height = _shown_size(stream, first, rotation)
    if max(width, height) > SIDE_MAX:
        raise AssetUnsupported(
            f"The picture is {width}×{height}; at most {SIDE_MAX} pixels a side are decoded."
        )
    names = first.format.name
    return VideoFacts(
        width=width,
        height=height,
        frames=frame_times(ticks, stream.time_base, stream.average_rate),
        codec=stream.codec_context.name,
        pixel_format=names,
        has_alpha=has_alpha(names),
        rotation=rotation,
        color_space=_color_space(first, height),
        color_range="pc" if _is_full_range(first) else "tv",
    )


def has_alpha(pixel_format: str) -> bool:
    """Tell whether pictures of a format may have transparent pixels."""
    return pixel_format.startswith(
        ("yuva", "rgba", "bgra", "argb", "abgr", "ya", "gbrap", "pal8", "ayuv")
    )


def _read_through(
    container: InputContainer, stream: VideoStream
) -> tuple[list[int], VideoFrame | None]:
    """Return when every picture begins (ticks, in order) and the first picture."""
    ticks: list[int] = []
    first: VideoFrame | None = None
    decoder = make_decoder(stream)
    step = 0
    for packet in container.demux(stream):
        if packet.size == 0 and packet.pts is None:
            continue
        if first is None:
            with suppress(av.FFmpegError):
                first = next(iter(decoder.decode(packet)), None)
        if packet.is_discard:
            continue
        step = packet.duration or step or 1
        ticks.append(ticks[-1] + step if packet.pts is None and ticks else packet.pts or 0)
        if len(ticks) > FRAMES_MAX:
            raise AssetUnsupported(f"The source has more than {FRAMES_MAX} frames.")
    if first is None:
        with suppress(av.FFmpegError):
            first = next(iter(decoder.decode(None)), None)
    ticks = sorted(set(ticks))
    return ticks, first


def frame_times(ticks: list[int], time_base: Fraction, average: Fraction | None) -> FrameTimes:
    """Return when each frame begins, from the first on; regular where a clock's rounding allows.

    `ticks` ascend, in units of `time_base` seconds.
    """
    zero = ticks[0]
    if len(ticks) == 1:
        return FrameTimes(1, FrameRate(*(average or Fraction(25)).as_integer_ratio()))
    for rate in _likely_rates(ticks, time_base, average):
        tick_rate = rate * time_base  # frames per tick
        if all(abs((tick - zero) * tick_rate - n) <= tick_rate for n, tick in enumerate(ticks)):
            return FrameTimes(len(ticks), FrameRate(rate.numerator, rate.denominator))
    span = (ticks[-1] - zero) * time_base
    mean = (Fraction(len(ticks) - 1) / span).limit_denominator(1001)
    scale = time_base.numerator
    return FrameTimes(
        len(ticks),
        FrameRate(mean.numerator, mean.denominator),
        tuple((tick - zero) * scale for tick in ticks),
        time_base.denominator,
    )


def _likely_rates(
    ticks: list[int], time_base: Fraction, average: Fraction | None
) -> Iterator[Fraction]:
    if average:
        yield Fraction(average)
    mean = Fraction(len(ticks) - 1) / ((ticks[-1] - ticks[0]) * time_base)
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


def _color_space(frame: VideoFrame, height: int) -> str:
    """Return the matrix of a picture; where it is not said, by size, as players do."""
    known = {1: "bt709", 5: "bt601", 6: "bt601", 7: "bt709", 9: "bt2020", 10: "bt2020"}
    return known.get(int(frame.colorspace)) or ("bt709" if height >= 720 else "bt601")


def _is_full_range(frame: VideoFrame) -> bool:
    return int(frame.color_range) == 2 or frame.format.name.startswith("yuvj")


def _duration_s(container: InputContainer, video: VideoFacts | None) -> float:
    """Return how long the source is, in seconds: its pictures, or the container's own word."""
    if container.duration:
        return container.duration / av.time_base
    if video is None:
        return 0.0
    return float(video.frames.count / video.frames.rate.fraction)
