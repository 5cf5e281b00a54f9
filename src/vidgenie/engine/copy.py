"""Packets of a source into a chunk file: whole GOPs, nothing decoded, nothing encoded."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from vidgenie.core.plan.model import Copy
from vidgenie.core.timebase import FrameRate
from vidgenie.engine.demux.opened import open_container, picture_stream, reading
from vidgenie.engine.mux import open_target, stamp
from vidgenie.engine.source import LocalSource
from vidgenie.errors import AssetUnsupported, DecodeError


def copy_packets(source: LocalSource, copy: Copy, rate: FrameRate, target: Path) -> int:
    """Write the source's frames `copy.source` to a chunk file as they are; return their number.

    Law: frame `n` of the file decodes to the source's frame `copy.source.start + n`, bit for bit.
    Raises: DecodeError where the source has not those frames; MuxError, OutOfSpace.
    """
    video = source.facts.video
    assert video is not None, source
    assert video.coding is not None, source
    assert video.frames.rate.fraction == rate.fraction, (video.frames.rate, rate)
    try:
        with open_container(source.path) as container, open_target(target, rate=rate) as sink:
            stream = picture_stream(container)
            assert stream is not None, source.path
            made = sink.add_stream_from_template(stream, opaque=True)
            made.time_base = 1 / rate.fraction
            packets = _packets_of(container, stream, copy, rate)
            for number, (place, packet) in enumerate(packets):
                stamped = stamp(
                    packet,
                    made,
                    pts=place - copy.source.start,
                    dts=number - video.coding.reorder_depth,
                    duration=1,
                    unit_s=1 / rate.fraction,
                )
                sink.mux_one(stamped)
    except AssetUnsupported as error:
        raise DecodeError(error.message) from error
    return len(copy.source)


def _packets_of(
    container: InputContainer, stream: VideoStream, copy: Copy, rate: FrameRate
) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
    """Yield the packets of the frames, in decoding order, each with its frame's number."""
    wanted = copy.source
    places: list[int] = []
    for place, packet in _from_keyframe(container, stream, wanted.start, rate):
        if place not in wanted or (not places and not packet.is_keyframe):
            break
        places.append(place)
        yield place, packet
        if len(places) == len(wanted):
            break
    if sorted(places) != [*range(wanted.start, wanted.stop)]:
        raise DecodeError(
            f"Frames {wanted} of {copy.asset} cannot be copied: only {len(places)} of"
            f" {len(wanted)} packets are where the source's index says."
        )


def _from_keyframe(
    container: InputContainer, stream: VideoStream, start: int, rate: FrameRate
) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
    """Yield numbered packets from the one of frame `start` on; by seeking, if it can be sought."""
    assert stream.time_base is not None
    zero = stream.start_time or 0
    ticks = int(rate.seconds_at(start) / stream.time_base) + zero
    for target in (ticks, zero):
        with suppress(av.FFmpegError):
            container.seek(target, stream=stream, backward=True)
        numbered = _numbered(container, stream, zero, rate)
        found = next((pair for pair in numbered if pair[0] >= start), None)
        if found is not None and found[0] == start:
            yield found
            yield from numbered
            return


def _numbered(
    container: InputContainer, stream: VideoStream, zero: int, rate: FrameRate
) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
    with reading("source"):
        for packet in container.demux(stream):
            if packet.pts is None or packet.size == 0:
                continue
            seconds = (packet.pts - zero) * Fraction(stream.time_base or 0)
            yield round(seconds * rate.fraction), packet
