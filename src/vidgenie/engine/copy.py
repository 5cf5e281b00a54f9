"""Packets of a source into a chunk file: whole GOPs, nothing decoded, nothing encoded.

A plan is made from a file's tables, without reading its pictures. What only the packets tell is
looked at here, while they pass: that a GOP begins with an IDR picture, that the parameter sets stay
those the file began with, and that every frame is there.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from vidgenie.core.plan.model import Copy
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import Coding
from vidgenie.engine.demux.avcc import IDR, PICTURE, SEQUENCE, ParameterSets, nal_units
from vidgenie.engine.demux.index import read_packets
from vidgenie.engine.demux.opened import open_container, picture_stream, reading
from vidgenie.engine.mux import open_target, stamp
from vidgenie.engine.values import LocalSource
from vidgenie.errors import AssetUnsupported, DecodeError

SLICES = range(1, 6)
"""NAL unit types of a picture's parts; its parameter sets stand before the first of them."""


def copy_packets(source: LocalSource, copy: Copy, rate: FrameRate, target: Path) -> int:
    """Write the source's frames `copy.source` to a chunk file as they are; return their number.

    Law: frame `n` of the file decodes to the source's frame `copy.source.start + n`, bit for bit.
    Raises: DecodeError where the packets are not what the plan took them for, and no file is left;
    MuxError, OutOfSpace.
    """
    video = source.facts.video
    assert video is not None, source
    assert video.coded.sets is not None, source
    depth = video.coded.sets.told_depth or 0
    try:
        with open_container(source.path) as container, open_target(target, rate=rate) as sink:
            stream = picture_stream(container)
            assert stream is not None, source.path
            made = sink.add_stream_from_template(stream, opaque=True)
            made.time_base = 1 / rate.fraction
            reader = _Reader(container, stream, video.coded, rate)
            for number, (place, packet) in enumerate(_checked(reader, copy)):
                pts = place - copy.source.start
                if pts < number - depth:
                    raise DecodeError(
                        f"frame {place} of {copy.asset} comes {number - pts} packets late, and its"
                        f" parameter sets say {depth} at most"
                    )
                sink.mux_one(
                    stamp(
                        packet,
                        made,
                        pts=pts,
                        dts=number - depth,
                        duration=1,
                        unit_s=1 / rate.fraction,
                    )
                )
    except AssetUnsupported as error:
        raise DecodeError(error.message) from error
    return len(copy.source)


def _checked(reader: "_Reader", copy: Copy) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
    """Yield the packets of the frames, in decoding order, each with its frame's number."""
    wanted = copy.source
    places: set[int] = set()
    for place, packet in reader.packets_from(wanted.start):
        is_idr = reader.check(packet)
        if place not in wanted or place in places:
            break
        if not places and not is_idr:
            raise DecodeError(f"frame {place} of {copy.asset} is a keyframe, but no IDR picture")
        places.add(place)
        yield place, packet
        if len(places) == len(wanted):
            return
    raise DecodeError(
        f"only {len(places)} of the {len(wanted)} packets of frames {wanted} of {copy.asset} are"
        " where its index says"
    )


class _Reader:
    """Reads a source's packets by the number of their frame."""

    def __init__(
        self, container: InputContainer, stream: VideoStream, coded: Coding, rate: FrameRate
    ) -> None:
        self._container = container
        self._stream = stream
        self._coded = coded
        self._rate = rate
        sets = ParameterSets.read(stream.codec_context.extradata or b"")
        self._length_size = sets.nal_length_size
        self._known = {*sets.sequences, *sets.pictures}

    def packets_from(self, start: int) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
        """Yield numbered packets from the one of frame `start` on; by seeking, if it can be."""
        ticks = round(self._rate.seconds_at(start) * self._coded.clock.fraction)
        for target in (ticks, 0):
            with suppress(av.FFmpegError):
                self._container.seek(
                    self._coded.first_tick + target, stream=self._stream, backward=True
                )
            numbered = self._numbered()
            found = next((pair for pair in numbered if pair[0] >= start), None)
            if found is not None and found[0] == start:
                yield found
                yield from numbered
                return

    def check(self, packet: "Packet[VideoStream]") -> bool:
        """Tell whether a packet is an IDR picture; raises DecodeError for other parameter sets."""
        changes = packet.has_sidedata("new_extradata")
        is_idr = False
        for unit in nal_units(memoryview(packet), self._length_size):
            kind = unit[0] & 31
            if kind in (SEQUENCE, PICTURE):
                changes = changes or bytes(unit) not in self._known
            if kind in SLICES:
                is_idr = kind == IDR
                break
        if changes:
            raise DecodeError("its parameter sets change within the file")
        return is_idr

    def _numbered(self) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
        frames_per_tick = self._rate.fraction / self._coded.clock.fraction
        with reading("source"):
            for packet in read_packets(self._container, self._stream):
                if packet.pts is not None and packet.size:
                    yield round((packet.pts - self._coded.first_tick) * frames_per_tick), packet
