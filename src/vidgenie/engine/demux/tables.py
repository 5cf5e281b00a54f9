"""The sample tables of an MP4 or QuickTime file: composition offsets without reading the pictures.

FFmpeg's index of such a file holds decoding times; when a sample is *shown* it tells only packet
by packet, which for a long video means reading all of it from the disk. The offsets between the
two stand in the `ctts` box. Source: ISO/IEC 14496-12 §8.6–8.8.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MOOV_MAX = 256 << 20
"""Bytes of a `moov` box that are read: ten hours of video have about 20 MB."""


@dataclass(frozen=True, slots=True)
class SampleTables:
    """Samples in the order of the file's tables. Shapes: all (samples,).

    `positions` are byte offsets; `offsets` and `durations` are ticks.
    """

    positions: Ints
    offsets: Ints
    durations: Ints


def read_tables(path: Path, track_id: int) -> SampleTables | None:
    """Return a track's samples; None for fragmented files and for anything out of the ordinary."""
    with path.open("rb") as file:
        moov = _moov(file)
    if moov is None:
        return None
    try:
        boxes = dict(_boxes(moov))
        if b"mvex" in boxes:
            return None
        for name, body in _boxes(moov):
            if name == b"trak" and _track_id(body) == track_id:
                return _tables(_inside(body, b"mdia", b"minf", b"stbl"))
    except (KeyError, ValueError, struct.error, IndexError):
        return None
    return None


def _moov(file: BinaryIO) -> bytes | None:
    """Return the body of the file's `moov` box."""
    while len(head := file.read(8)) == 8:
        size, name = struct.unpack(">I4s", head)
        body = size - 8
        if size == 1:
            body = struct.unpack(">Q", file.read(8))[0] - 16
        if name == b"moov":
            return file.read(body) if 0 < body <= MOOV_MAX else None
        if size == 0 or body < 0:
            return None
        file.seek(body, 1)
    return None


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        if size < head:
            return
        yield name, data[at + head : at + size]
        at += size


def _inside(data: bytes, *names: bytes) -> dict[bytes, bytes]:
    """Return the boxes within a box within a box."""
    boxes = dict(_boxes(data))
    for name in names:
        boxes = dict(_boxes(boxes[name]))
    return boxes


def _track_id(trak: bytes) -> int:
    header = dict(_boxes(trak))[b"tkhd"]
    return int(struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)[0])


def _tables(stbl: dict[bytes, bytes]) -> SampleTables:
    fixed, count = struct.unpack_from(">II", stbl[b"stsz"], 4)
    sizes = np.full(count, fixed) if fixed else _column(stbl[b"stsz"], 12, ">u4", count)
    durations = _runs(stbl[b"stts"], count)
    offsets = _runs(stbl[b"ctts"], count) if b"ctts" in stbl else np.zeros(count, np.int64)
    return SampleTables(_positions(stbl, sizes), offsets, durations)


def _runs(box: bytes, count: int) -> Ints:
    """Return the values of a table of (how many, value), one per sample.

    FFmpeg takes `ctts` values for signed in version 0 too, as writers use them.
    """
    pairs = _column(box, 8, ">i4", 2 * struct.unpack_from(">I", box, 4)[0]).reshape(-1, 2)
    values = np.repeat(pairs[:, 1], pairs[:, 0])
    if len(values) < count:
        raise ValueError("a table that ends too early")
    return values[:count]


def _positions(stbl: dict[bytes, bytes], sizes: Ints) -> Ints:
    """Return where each sample lies: chunks begin at known offsets, samples follow on."""
    wide = b"co64" in stbl
    box = stbl[b"co64" if wide else b"stco"]
    chunks = _column(box, 8, ">u8" if wide else ">u4", struct.unpack_from(">I", box, 4)[0])
    runs = _column(stbl[b"stsc"], 8, ">u4", 3 * struct.unpack_from(">I", stbl[b"stsc"], 4)[0])
    firsts, per_chunk = runs.reshape(-1, 3)[:, 0] - 1, runs.reshape(-1, 3)[:, 1]
    counts = np.repeat(per_chunk, np.diff(np.append(firsts, len(chunks))))
    if counts.sum() < len(sizes):
        raise ValueError("samples without a place")
    starts = np.cumsum(sizes) - sizes
    heads = np.cumsum(counts) - counts
    of_chunk = np.repeat(np.arange(len(chunks)), counts)[: len(sizes)]
    within = starts - starts[np.minimum(heads, len(sizes) - 1)][of_chunk]
    positions: Ints = chunks[of_chunk] + within
    return positions


def _column(box: bytes, at: int, kind: str, count: int) -> Ints:
    if at + count * np.dtype(kind).itemsize > len(box):
        raise ValueError("a table that ends too early")
    return np.frombuffer(box, kind, count, at).astype(np.int64)
