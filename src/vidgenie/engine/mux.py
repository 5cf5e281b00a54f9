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
from av.video.stream import VideoStream

from vidgenie.core.timebase import SAMPLE_RATE_HZ, FrameRate
from vidgenie.errors import EncodeError, MuxError, OutOfSpace

StreamT = TypeVar("StreamT", VideoStream, AudioStream)

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


@contextmanager
def open_target(
    target: Path,
    *,
    rate: FrameRate | None = None,
    faststart: bool = False,
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
        if faststart:
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
