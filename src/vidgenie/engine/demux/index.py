"""When every picture of a stream is shown, and at which ones decoding may begin.

From the tables of an MP4 where they say all; otherwise packet by packet, without decoding.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vidgenie.engine.demux.tables import read_tables

Ints = NDArray[np.int64]

FRAMES_MAX = 3 * 3600 * 120
"""Frames of one source: three hours at 120 a second, as long as an output may be."""

RESTART_S = 1
"""A clock that runs back by more than this was restarted: the pictures simply go on."""

WHOLE = frozenset({"gif", "apng"})
"""Codecs whose pictures lean on all before them, whatever their packets say."""


@dataclass(frozen=True, slots=True)
class StreamIndex:
    """Pictures in the order shown; times in the stream's ticks, numbers counted from 0."""

    ticks: tuple[int, ...]
    stop_tick: int
    keyframes: tuple[int, ...]
    open_gops: tuple[int, ...]
    is_counted: bool
    has_hidden: bool


@dataclass(frozen=True, slots=True)
class PacketTable:
    """Packets in the order of the file. Shapes: all (packets,). `shown` is in ticks."""

    shown: Ints
    durations: Ints
    is_key: NDArray[np.bool_]
    is_hidden: NDArray[np.bool_]
    is_counted: bool = False


def index_of(table: PacketTable, codec: str = "") -> StreamIndex:
    """Return the pictures' order, from the packets'."""
    seen = ~table.is_hidden
    shown = table.shown[seen]
    ticks, first = np.unique(shown, return_index=True)
    durations = table.durations[seen][first]
    keys = np.flatnonzero(table.is_key & seen)
    numbers = np.searchsorted(ticks, table.shown[keys])
    leading = [
        int(number)
        for number, start, stop in zip(numbers, keys, [*keys, len(seen)][1:], strict=True)
        if (table.shown[start:stop][seen[start:stop]] < table.shown[start]).any()
    ]
    every = len(numbers) == len(ticks) and codec not in WHOLE
    inside = (0,) if codec in WHOLE else tuple(int(number) for number in np.unique(numbers))
    return StreamIndex(
        ticks=tuple(ticks.tolist()),
        stop_tick=int(ticks[-1] + max(0, durations[-1])) if len(ticks) else 0,
        keyframes=() if every else (inside or (0,)),
        open_gops=tuple(leading),
        is_counted=table.is_counted,
        has_hidden=bool(table.is_hidden.any()),
    )


def table_from_file(
    path: Path, stream: VideoStream, first: "Packet[VideoStream]"
) -> PacketTable | None:
    """Return the packets as an MP4's own tables tell them; None where these do not tell all.

    `first` is the stream's first packet: it says what FFmpeg makes of the file's edit list.
    Law: equal to `table_from_packets`.
    """
    entries = [(e.timestamp, e.pos, e.is_keyframe, e.is_discard) for e in stream.index_entries]
    tables = read_tables(path, stream.id)
    if tables is None or not entries or first.pts is None or first.dts is None:
        return None
    stamps, places, keys, hidden = (np.array(column) for column in zip(*entries, strict=True))
    order = np.argsort(tables.positions, kind="stable")
    sorted_places = tables.positions[order]
    found = np.minimum(np.searchsorted(sorted_places, places), len(order) - 1)
    if (sorted_places[found] != places).any() or entries[0][1] != first.pos:
        return None
    sample = order[found]
    shift = first.pts - (int(stamps[0]) + int(tables.offsets[sample[0]]))
    return PacketTable(
        shown=stamps.astype(np.int64) + tables.offsets[sample] + shift,
        durations=tables.durations[sample],
        is_key=keys.astype(np.bool_),
        is_hidden=hidden.astype(np.bool_),
    )


class Stamps(NamedTuple):
    """What one packet says of itself, in ticks."""

    pts: int | None
    dts: int | None
    duration: int
    is_key: bool
    is_hidden: bool


def table_from_packets(packets: Sequence[Stamps], second: float) -> PacketTable:
    """Return packets as they were read; what they do not say is filled in. `second` is in ticks.

    Without time stamps, or with a clock that runs backwards, pictures follow one another, and must
    be counted.
    """
    durations = np.array([packet.duration for packet in packets], np.int64)
    durations[durations <= 0] = int(np.median(durations[durations > 0])) if durations.any() else 1
    in_order = np.cumsum(durations) - durations
    decoded = np.array(_known([packet.dts for packet in packets], in_order), np.int64)
    has_pts = all(packet.pts is not None for packet in packets)
    shown = np.array([p.pts for p in packets], np.int64) if has_pts else decoded.copy()
    steps = np.diff(decoded, prepend=decoded[:1])
    jumps = np.where(steps < -RESTART_S * second, np.roll(durations, 1) - steps, 0)
    return PacketTable(
        shown=shown + np.cumsum(jumps),
        durations=durations,
        is_key=np.array([packet.is_key for packet in packets], np.bool_),
        is_hidden=np.array([packet.is_hidden for packet in packets], np.bool_),
        is_counted=not has_pts or bool(jumps.any()),
    )


def _known(values: Sequence[int | None], instead: Ints) -> list[int]:
    """Return values if all are known, else others."""
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else instead.tolist()


def read_packets(container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
    """Yield a stream's packets; the other streams are not even read from the disk."""
    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all
    for packet in container.demux(stream):
        if packet.size or packet.pts is not None:
            yield packet
