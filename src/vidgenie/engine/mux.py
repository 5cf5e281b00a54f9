"""Packets into a container: the door to what is written.

The one place that turns FFmpeg's errors on the writing side into ours, and that gives outgoing
packets their time: a packet is stamped in units of its own stream (frames, samples) and the
container's coarser or finer clock is FFmpeg's business.
"""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import TypeVar

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from vidgenie.core.plan.subtitles import Subtitles
from vidgenie.core.timebase import SAMPLE_RATE_HZ, FrameRate
from vidgenie.errors import EncodeError, MuxError, OutOfSpace

StreamT = TypeVar("StreamT", VideoStream, AudioStream, SubtitleStream)

BT709, LIMITED = 1, 1
"""Values of ITU-T H.273 for primaries, transfer and matrix, and FFmpeg's for "tv" range."""

NO_ROOM = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than the limit of one file",
}
"""Reasons that lie in the place written to, not in what is written."""


CLOCK_MAX_HZ = 1_000_000
"""Above this (rates like 12.345) an hour no longer fits into 32 bits, which old players need."""

MILLISECOND = Fraction(1, 1000)
"""The clock of subtitles, and of Matroska, where the times of chunks are rounded."""

SAMPLE_MAX = 0xFFFF
"""Bytes of one text: its length stands before it in 16 bits (3GPP TS 26.245, §5.17)."""

STYLE = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""What FFmpeg makes the track's sample description from: it asks for it in ASS."""


@contextmanager
def open_target(
    target: Path,
    *,
    rate: FrameRate | None = None,
    faststart: bool = False,
    is_fragmented: bool = False,
    container: str = "mp4",
    options: Mapping[str, str] | None = None,
) -> Iterator[OutputContainer]:
    """Open a file to write to; it is whole when the block ends well, and gone when it does not.

    `container` is FFmpeg's name of a muxer, `options` are its own. `rate` is that of the pictures,
    if there are any. With `faststart` an MP4's index is moved to the front, so that a player can
    begin before the whole file has come.
    Raises: MuxError, OutOfSpace.
    """
    told = dict(options or {})
    if container in ("mp4", "mov"):
        told["movie_timescale"] = str(_clock_hz(rate))
        if is_fragmented:  # a fragment at each keyframe
            told["movflags"] = "+frag_keyframe+empty_moov+default_base_moof"
        elif faststart:
            told["movflags"] = "+faststart"
    try:
        with writing(target):
            opened = av.open(target, "w", format=container, options=told)
            try:
                yield opened
                opened.close()
            except BaseException:
                with suppress(av.FFmpegError):
                    opened.close()
                raise
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _clock_hz(rate: FrameRate | None) -> int:
    """Return a clock on which every frame and every sample begins on a tick.

    The muxer's own choice, 1000 Hz, cuts the edit lists' durations to whole milliseconds.
    """
    exact = lcm(SAMPLE_RATE_HZ, rate.num) if rate is not None else SAMPLE_RATE_HZ
    return exact if exact <= CLOCK_MAX_HZ else SAMPLE_RATE_HZ


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turn FFmpeg's errors about a file that is written into MuxError or OutOfSpace."""
    try:
        yield
    except av.FFmpegError as error:
        reason = NO_ROOM.get(error.errno or 0)
        if reason:
            raise OutOfSpace(f"{target.name} could not be written: {reason}.") from error
        raise MuxError(f"{target.name} could not be written: {error.strerror}.") from error


@contextmanager
def encoding(what: str) -> Iterator[None]:
    """Turn FFmpeg's errors inside an encoder into EncodeError; `what` says what was encoded."""
    try:
        yield
    except av.FFmpegError as error:
        raise EncodeError(f"{what} could not be encoded: {error.strerror}.") from error


def stamp(
    packet: "Packet[StreamT]",
    stream: StreamT,
    *,
    pts: int,
    dts: int,
    duration: int,
    unit_s: Fraction,
) -> "Packet[StreamT]":
    """Give a packet its place in an outgoing stream.

    Units: `pts`, `dts` and `duration` count units of `unit_s` seconds (one frame, one sample).
    """
    assert pts >= dts, (pts, dts)
    packet.stream = stream
    packet.time_base = unit_s
    packet.pts, packet.dts, packet.duration = pts, dts, duration
    return packet


def text_packets(
    subtitles: Subtitles, container: OutputContainer
) -> Iterator["Packet[SubtitleStream]"]:
    """Add a track to a container, and return its packets in order; the muxer fills the gaps.

    Raises: EncodeError.
    """
    with encoding("The subtitles"):
        stream = container.add_stream("mov_text")
        assert isinstance(stream, SubtitleStream), stream
        stream.codec_context.subtitle_header = STYLE
        stream.codec_context.time_base = stream.time_base = MILLISECOND
        stream.codec_context.open()
    stream.metadata["language"] = subtitles.language
    return _packets(subtitles, stream)


def _packets(subtitles: Subtitles, stream: SubtitleStream) -> Iterator["Packet[SubtitleStream]"]:
    for cue in subtitles.cues:
        start, stop = round(cue.start_s * 1000), round(cue.end_s * 1000)
        # Cut between letters: what is left of one at the end is no letter.
        text = cue.text.encode()[:SAMPLE_MAX].decode(errors="ignore").encode()
        packet = _packet(len(text).to_bytes(2, "big") + text)
        duration = max(1, stop - start)
        yield stamp(packet, stream, pts=start, dts=start, duration=duration, unit_s=MILLISECOND)


def _packet(data: bytes) -> "Packet[SubtitleStream]":
    packet: Packet[SubtitleStream] = Packet(data)  # type: ignore[assignment]  # of no stream yet
    return packet
