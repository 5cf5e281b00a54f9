"""H.264 parameter sets: the `avcC` record that an MP4 or a Matroska keeps them in.

Only what joining needs is read: which sets there are, under which numbers, and the few values of a
sequence's set that say whether its pictures may stand beside others.
Source: ISO/IEC 14496-15 §5.3.3 (the record), ITU-T H.264 §7.3.2.1, §7.3.2.2 and Annex E (the sets).
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from vidgenie.core.timeline.facts import ParameterFacts

IDR, SEQUENCE, PICTURE = 5, 7, 8
"""NAL unit types: an IDR slice, a sequence's and a picture's parameter set."""

SEQUENCE_READ_SIZE = 1024
"""Bytes read of a set: the values wanted stand in its first hundred, whatever the rest pretends."""

_WITH_CHROMA_FORMAT = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128})
_EXTENDED_ASPECT = 255
_SEQUENCES_MAX, _PICTURES_MAX = 31, 255


@dataclass(frozen=True, slots=True)
class Sequence:
    """What a sequence's parameter set says. `reorder_depth` is None where it does not say it."""

    id: int
    profile: int
    level: int
    is_progressive: bool
    reorder_depth: int | None


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """The sets of one stream as they lie in its `avcC`; `nal_length_size` is in bytes."""

    profile: int
    constraints: int
    level: int
    nal_length_size: int
    sequences: tuple[bytes, ...]
    pictures: tuple[bytes, ...]
    extension: bytes

    @classmethod
    def read(cls, record: bytes) -> "ParameterSets":
        """Read an `avcC` record; raises ValueError for anything else, as a start-coded stream."""
        if len(record) < 7 or record[0] != 1:
            raise ValueError("not an avcC record")
        sequences, position = _sets(record, 6, record[5] & 31)
        pictures, position = _sets(record, position + 1, record[position : position + 1][0])
        return cls(
            profile=record[1],
            constraints=record[2],
            level=record[3],
            nal_length_size=(record[4] & 3) + 1,
            sequences=sequences,
            pictures=pictures,
            extension=record[position:],
        )

    @property
    def ids(self) -> tuple[int, ...]:
        """All numbers that a set of either kind has, ascending."""
        found = {sequence_of(data).id for data in self.sequences}
        return tuple(sorted(found | {picture_id(data) for data in self.pictures}))

    def record(self) -> bytes:
        """Return the sets as an `avcC` record."""
        head = bytes(
            [1, self.profile, self.constraints, self.level, 0xFC | (self.nal_length_size - 1)]
        )
        return b"".join(
            [
                head,
                bytes([0xE0 | len(self.sequences)]),
                *(len(data).to_bytes(2, "big") + data for data in self.sequences),
                bytes([len(self.pictures)]),
                *(len(data).to_bytes(2, "big") + data for data in self.pictures),
                self.extension,
            ]
        )


def parameter_facts(record: bytes) -> ParameterFacts | None:
    """Return what an `avcC` record says; None for anything else."""
    try:
        sets = ParameterSets.read(record)
        sequences = [sequence_of(data) for data in sets.sequences]
        ids = sets.ids
    except (ValueError, IndexError):
        return None
    depths = [sequence.reorder_depth for sequence in sequences]
    return ParameterFacts(
        digest=hashlib.sha256(record).hexdigest()[:16],
        ids=ids,
        nal_length_size=sets.nal_length_size,
        is_progressive=all(sequence.is_progressive for sequence in sequences),
        told_depth=None if None in depths else max(filter(None, depths), default=0),
    )


def joined(kinds: Iterable[ParameterSets]) -> ParameterSets:
    """Return sets that hold those of several streams, for a file of all their pictures.

    Law: every set keeps its bytes; a player that can decode the result's profile and level can
    decode every part.
    Raises: ValueError when two of them give one number to different sets.
    """
    first, *others = kinds
    made = first
    for other in others:
        if other.nal_length_size != made.nal_length_size:
            raise ValueError("their NAL units have lengths of different sizes")
        highest = max(made, other, key=lambda kind: kind.profile)
        made = ParameterSets(
            profile=highest.profile,
            constraints=made.constraints & other.constraints,
            level=max(made.level, other.level),
            nal_length_size=made.nal_length_size,
            sequences=_united(made.sequences, other.sequences),
            pictures=_united(made.pictures, other.pictures),
            extension=highest.extension,
        )
    sequences = [sequence_of(data).id for data in made.sequences]
    pictures = [picture_id(data) for data in made.pictures]
    if len({*sequences}) < len(sequences) or len({*pictures}) < len(pictures):
        raise ValueError("its parameter sets differ, but have the same number")
    if len(sequences) > _SEQUENCES_MAX or len(pictures) > _PICTURES_MAX:
        raise ValueError("there are more parameter sets than one file can have")
    return made


def nal_units(packet: memoryview, length_size: int) -> Iterator[memoryview]:
    """Yield a packet's NAL units; each begins with its header byte. Ends where lengths break."""
    position = 0
    while position + length_size < len(packet):
        start = position + length_size
        position = start + int.from_bytes(packet[position:start], "big")
        if position == start or position > len(packet):
            return
        yield packet[start:position]


def sequence_of(data: bytes) -> Sequence:
    """Read a sequence's parameter set, header byte included; raises ValueError if it is cut off."""
    profile, level = data[1], data[3]
    bits = _Bits(data[4:SEQUENCE_READ_SIZE])
    number = bits.golomb()
    if profile in _WITH_CHROMA_FORMAT:
        _skip_chroma_format(bits)
    bits.golomb()  # log2_max_frame_num
    _skip_order_count(bits)
    bits.golomb()  # max_num_ref_frames
    bits.take(1)
    bits.golomb()  # width and height in macroblocks
    bits.golomb()
    is_progressive = bool(bits.take(1))  # frame_mbs_only_flag
    if not is_progressive:
        bits.take(1)
    bits.take(1)
    if bits.take(1):  # cropping
        for _ in range(4):
            bits.golomb()
    depth = _told_depth(bits) if bits.take(1) else None
    return Sequence(number, profile, level, is_progressive, depth)


def picture_id(data: bytes) -> int:
    """Return the number of a picture's parameter set, header byte included."""
    return _Bits(data[1:9]).golomb()


def find_record(file: BinaryIO) -> bytes:
    """Return the `avcC` record of an MP4's first video track; raises ValueError without one.

    Reads boxes, not the file: opening it with FFmpeg costs 16 ms, this a fraction of one.
    """
    end = file.seek(0, 2)
    start, size = _box(file, 0, end, b"moov")
    file.seek(start)
    index = file.read(size)
    place = index.find(b"avcC")
    if place < 4:
        raise ValueError("no H.264 parameter sets")
    length = int.from_bytes(index[place - 4 : place], "big")
    return index[place + 4 : place - 4 + length]


def _box(file: BinaryIO, start: int, end: int, name: bytes) -> tuple[int, int]:
    """Return where a box's content lies, and its size."""
    while start + 8 <= end:
        file.seek(start)
        head = file.read(16)
        size, header = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(head[8:], "big"), 16
        if head[4:8] == name:
            return start + header, size - header
        if size < header:
            break
        start += size
    raise ValueError(f"no {name.decode()} box")


def _sets(record: bytes, position: int, count: int) -> tuple[tuple[bytes, ...], int]:
    found = []
    for _ in range(count):
        start = position + 2
        position = start + int.from_bytes(record[position:start], "big")
        if position > len(record) or position < start + 2:
            raise ValueError("an avcC record that is cut off")
        found.append(bytes(record[start:position]))
    return tuple(found), position


def _united(some: tuple[bytes, ...], more: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return some + tuple(data for data in more if data not in some)


class _Bits:
    """Reads bits of a NAL unit's content, emulation prevention taken out (§7.4.1)."""

    def __init__(self, data: bytes) -> None:
        plain = bytes(data).replace(b"\0\0\3", b"\0\0")
        self._bits = int.from_bytes(plain, "big")
        self._left = len(plain) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise ValueError("a parameter set that is cut off")
        self._left -= count
        return self._bits >> self._left & ((1 << count) - 1)

    def golomb(self) -> int:
        """Return an unsigned Exp-Golomb number (§9.1)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        number = self.golomb()
        return (number + 1) // 2 if number % 2 else -(number // 2)


def _skip_chroma_format(bits: _Bits) -> None:
    chroma_format = bits.golomb()
    if chroma_format == 3:
        bits.take(1)
    bits.golomb()  # bit depths
    bits.golomb()
    bits.take(1)
    if not bits.take(1):
        return
    for number in range(12 if chroma_format == 3 else 8):  # scaling lists
        if bits.take(1):
            _skip_scaling_list(bits, 16 if number < 6 else 64)


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _skip_order_count(bits: _Bits) -> None:
    kind = bits.golomb()
    if kind == 0:
        bits.golomb()
    elif kind == 1:
        bits.take(1)
        bits.golomb()
        bits.golomb()
        for _ in range(bits.golomb()):
            bits.golomb()


def _told_depth(bits: _Bits) -> int | None:
    """Return max_num_reorder_frames of the usability information (§E.1.1)."""
    if bits.take(1) and bits.take(8) == _EXTENDED_ASPECT:
        bits.take(32)
    if bits.take(1):  # overscan
        bits.take(1)
    if bits.take(1):  # video signal type
        bits.take(4)
        if bits.take(1):
            bits.take(24)
    if bits.take(1):  # chroma location
        bits.golomb()
        bits.golomb()
    if bits.take(1):  # timing
        bits.take(65)
    has_buffering = [_has_buffering(bits), _has_buffering(bits)]  # of NAL units, of slices
    if any(has_buffering):
        bits.take(1)
    bits.take(1)
    if not bits.take(1):
        return None
    bits.take(1)
    for _ in range(4):
        bits.golomb()
    return bits.golomb()


def _has_buffering(bits: _Bits) -> bool:
    if not bits.take(1):
        return False
    count = bits.golomb() + 1
    bits.take(8)
    for _ in range(count):
        bits.golomb()
        bits.golomb()
        bits.take(1)
    bits.take(20)
    return True
