"""Chunks and sound into one fragmented MP4 for HLS, of which each segment stands alone.

No edit list: players of HLS go by the fragments' own times. So the sound has no priming packet, and
waits as long as the first picture, which is shown some frames after it is decoded (negative
composition offsets would do as well, but FFmpeg's demuxer shifts them back).
"""

import mmap
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from struct import pack_into, unpack_from

from vidgenie.core.plan.hls import SOUND_CODEC
from vidgenie.core.timebase import SAMPLE_RATE_HZ, FrameRate
from vidgenie.engine.demux.avcc import find_record
from vidgenie.engine.stitch import stitch
from vidgenie.engine.values import HlsFile
from vidgenie.errors import MuxError

Place = tuple[bytes, int, int]
"""A box: its type, where its content begins, where it ends."""

HEADER = 8
PICTURES, SOUND = 1, 2
"""The numbers of the tracks, in the order in which they are added."""

HAS_DATA_OFFSET, HAS_FIRST_FLAGS = 0x1, 0x4
SAMPLE_FIELDS = (0x100, 0x200, 0x400, 0x800)
"""Flags of `trun`: a sample's duration, size, flags, composition offset; four bytes each."""


def package(
    chunks: Sequence[Path], sound: Path | None, target: Path, rate: FrameRate, frames: Sequence[int]
) -> HlsFile:
    """Write the file; `frames` is how many each segment has.

    Law: segment `n` begins with a keyframe, decoded when the frames before it have been.
    Raises: MuxError, also when a segment does not begin where a fragment does; OutOfSpace.
    """
    stitch(chunks, sound, target, rate, is_fragmented=True)
    with target.open("r+b") as file:
        codecs = _codecs(find_record(file), has_sound=sound is not None)
        with mmap.mmap(file.fileno(), 0) as data:
            boxes = list(_boxes(data, 0, len(data)))
            fragments = [(begin, end) for kind, begin, end in boxes if kind == b"moof"]
            delay_s = _delay_s(data, *fragments[0])
            counts = []
            for begin, end in fragments:
                counts.append(_count(data, begin, end))
                _delay_sound(data, begin, end, round(delay_s * SAMPLE_RATE_HZ))
            begins = [begin - HEADER for begin, _ in fragments]
            end = max(end for kind, _, end in boxes if kind == b"mdat")
        file.truncate(end)
    return HlsFile(codecs, begins[0], tuple(_sizes(begins, counts, frames, end)))


def _codecs(record: bytes, *, has_sound: bool) -> str:
    """Return the names of the codecs (RFC 6381 §3.3: profile, constraints and level)."""
    picture = f"avc1.{record[1:4].hex()}"
    return f"{picture},{SOUND_CODEC}" if has_sound else picture


def _sizes(
    begins: Sequence[int], counts: Sequence[int], frames: Sequence[int], end: int
) -> Iterator[int]:
    """Yield each segment's bytes: one fragment, or several."""
    places = {}
    shown = 0
    for begin, count in zip(begins, counts, strict=True):
        places[shown] = begin
        shown += count
    places[shown] = end
    start = 0
    for count in frames:
        stop = start + count
        if start not in places or stop not in places:
            raise MuxError(f"No fragment begins at frame {start} or {stop}.")
        yield places[stop] - places[start]
        start = stop


def _delay_s(data: mmap.mmap, begin: int, end: int) -> Fraction:
    """Return when the first picture is shown: it waits for those that are decoded before theirs."""
    run = _inner(data, begin, end, PICTURES)[b"trun"]
    flags = unpack_from(">I", data, run)[0] & 0xFFFFFF
    if not flags & SAMPLE_FIELDS[-1]:
        return Fraction(0)
    first = run + 8 + 4 * bool(flags & HAS_DATA_OFFSET) + 4 * bool(flags & HAS_FIRST_FLAGS)
    width = 4 * sum(bool(flags & field) for field in SAMPLE_FIELDS)
    clock = data.find(b"mdhd") + 4  # of the first track, the pictures
    ticks_s = unpack_from(">I", data, clock + (20 if data[clock] else 12))[0]
    return Fraction(unpack_from(">i", data, first + width - 4)[0], ticks_s)


def _count(data: mmap.mmap, begin: int, end: int) -> int:
    """Return how many pictures a fragment has."""
    return int(unpack_from(">I", data, _inner(data, begin, end, PICTURES)[b"trun"] + 4)[0])


def _delay_sound(data: mmap.mmap, begin: int, end: int, samples: int) -> None:
    """Let a fragment's sound begin later by so many samples."""
    place = _inner(data, begin, end, SOUND).get(b"tfdt")
    if place is not None:
        form = ">Q" if data[place] else ">I"
        pack_into(form, data, place + 4, unpack_from(form, data, place + 4)[0] + samples)


def _inner(data: mmap.mmap, begin: int, end: int, track: int) -> Mapping[bytes, int]:
    """Return where the boxes of one track's part of a fragment begin."""
    for kind, start, stop in _boxes(data, begin, end):
        if kind == b"traf":
            inner = {name: place for name, place, _ in _boxes(data, start, stop)}
            if unpack_from(">I", data, inner[b"tfhd"] + 4)[0] == track:
                return inner
    return {}


def _boxes(data: mmap.mmap, begin: int, end: int) -> Iterator[Place]:
    while begin < end:
        size, kind = unpack_from(">I4s", data, begin)
        yield kind, begin + HEADER, begin + size
        begin += size
