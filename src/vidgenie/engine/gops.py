"""How a stream is coded, learned from its packets while a file is probed: no picture is decoded."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidgenie.core.timeline.coding import Coding
from vidgenie.engine.avcc import IDR, PICTURE, SEQUENCE, ParameterSets, nal_units, sequence_of

SLICES = range(1, 6)


KEY, CLEAN, HIDDEN = 1, 2, 4
"""What is noted of a packet: a keyframe, an IDR picture, decoded but not shown."""

UNKNOWN = -(1 << 62)
"""A time stamp that is missing."""


class GopReader:
    """Takes a stream's packets, one after the other, and tells how it is coded."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._record = stream.codec_context.extradata or b""
        self._sets: ParameterSets | None = None
        if stream.codec_context.name == "h264":
            try:
                self._sets = ParameterSets.read(self._record)
            except ValueError:
                self._sets = None
        self._known = set() if self._sets is None else {*self._sets.sequences, *self._sets.pictures}
        self._pts = array("q")  # compact: three hours are a million packets
        self._flags = bytearray()
        self._changes = 0

    @property
    def is_reading(self) -> bool:
        """Whether the packets still to come tell anything."""
        return self._sets is not None

    def take(self, packet: "Packet[VideoStream]") -> None:
        """Note a packet, in the order of the file."""
        if self._sets is None:
            return
        is_idr = False
        changed = False
        for unit in nal_units(memoryview(packet), self._sets.nal_length_size):
            kind = unit[0] & 31
            if kind in SLICES:
                is_idr = kind == IDR
                break
            if kind in (SEQUENCE, PICTURE):
                changed = changed or bytes(unit) not in self._known
        self._changes += changed
        self._pts.append(UNKNOWN if packet.pts is None else packet.pts)
        self._flags.append(KEY * packet.is_keyframe | CLEAN * is_idr | HIDDEN * packet.is_discard)

    def coding(self, ticks: Sequence[int], first: VideoFrame) -> Coding:
        """Return how the stream is coded; `ticks` are when its shown frames begin, ascending."""
        aspect = self._stream.sample_aspect_ratio or self._stream.codec_context.sample_aspect_ratio
        basis = {
            "codec": self._stream.codec_context.name,
            "width": first.width,
            "height": first.height,
            "pixel_format": first.format.name,
            "color": (int(first.color_primaries), int(first.color_trc), int(first.colorspace)),
            "is_full_range": int(first.color_range) == 2,
            "has_square_pixels": not aspect or aspect == 1,
            "rotation": round(-first.rotation / 90) * 90 % 360,
        }
        if self._sets is None:
            return Coding(**basis)  # type: ignore[arg-type]  # values of the fields named
        try:
            sequences = [sequence_of(data) for data in self._sets.sequences]
            ids = self._sets.ids
        except (ValueError, IndexError):
            return Coding(**basis)  # type: ignore[arg-type]
        depths = [sequence.reorder_depth for sequence in sequences]
        flags = self._flags
        places = [
            None if flag & HIDDEN else _place(pts, ticks)
            for pts, flag in zip(self._pts, flags, strict=True)
        ]
        return Coding(
            **basis,  # type: ignore[arg-type]
            is_progressive=all(sequence.is_progressive for sequence in sequences),
            profile=self._sets.profile,
            nal_length_size=self._sets.nal_length_size,
            parameters=hashlib.sha256(self._record).hexdigest()[:16],
            parameter_ids=ids,
            parameter_changes=self._changes,
            keyframes=sum(flag & KEY > 0 for flag in flags),
            open_keyframes=sum(flag & (KEY | CLEAN) == KEY for flag in flags),
            hidden_frames=sum(flag & HIDDEN > 0 for flag in flags),
            reorder_depth=_reorder_depth(places),
            told_depth=None if None in depths else max(filter(None, depths), default=0),
            edges=_edges([n for n, flag in enumerate(flags) if flag & CLEAN], places),
        )


def _place(pts: int, ticks: Sequence[int]) -> int | None:
    """Return which shown frame a packet is."""
    place = bisect_left(ticks, pts)
    return place if place < len(ticks) and ticks[place] == pts else None


def _reorder_depth(places: Sequence[int | None]) -> int:
    """Return how far a packet stands behind its place in the order of showing, at most."""
    shown = [place for place in places if place is not None]
    return max((number - place for number, place in enumerate(shown)), default=0)


def _edges(starts: Sequence[int], places: Sequence[int | None]) -> tuple[int, ...]:
    """Return the begins of the longest run of whole closed GOPs, and where it ends.

    `starts` are the packets that are IDR pictures, `places` which shown frame each packet is.
    """
    best: list[int] = []
    run: list[int] = []
    for start, stop in pairwise([*starts, len(places)]):
        first, count = places[start], stop - start
        if first is None or {*places[start:stop]} != {*range(first, first + count)}:
            continue
        if not run or run[-1] != first:
            run = [first]
        run.append(first + count)
        if not best or run[-1] - run[0] > best[-1] - best[0]:
            best = run
    return tuple(best)
