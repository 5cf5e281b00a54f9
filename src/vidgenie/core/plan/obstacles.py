"""Why a source's packets cannot stand in an output: what differs, with the numbers."""

from itertools import pairwise

from vidgenie.core.geometry import Size
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.coding import UNSAID, Coding
from vidgenie.core.timeline.facts import FrameTimes

PROFILES = (66, 77, 100)
"""Baseline, Main and High: a player of the last plays all of them."""

BT709 = 1
HD_HEIGHT = 720
"""From this height on, colours that a stream does not tell are taken for BT.709."""


def obstacle(coding: Coding, times: FrameTimes, size: Size, rate: FrameRate) -> str | None:
    """Return why a source's packets cannot stand in an output of this size and rate, if so."""
    return next(filter(None, (check(coding, times, size, rate) for check in _CHECKS)), None)


def _picture(coding: Coding, _: FrameTimes, size: Size, __: FrameRate) -> str | None:
    if coding.codec != "h264":
        return f"{coding.codec} is not h264"
    if coding.rotation:
        return f"its pictures are stored turned, by {coding.rotation}°"
    if not coding.has_square_pixels:
        return "its pixels are not square"
    stored = Size(coding.width, coding.height)
    if stored != size:
        return f"{stored} is not {size}"
    if coding.pixel_format != "yuv420p":
        return f"{coding.pixel_format} is not yuv420p"
    if not coding.is_progressive:
        return "its pictures are interlaced"
    return None


def _pace(_: Coding, times: FrameTimes, __: Size, rate: FrameRate) -> str | None:
    if not times.is_regular:
        steps = [(b - a) / times.tick_rate * 1000 for a, b in pairwise(times.ticks)]
        return f"variable frame rate: a frame lasts {min(steps):.0f} to {max(steps):.0f} ms"
    if times.rate.fraction != rate.fraction:
        return f"{times.rate} fps is not {rate}"
    return None


def _colors(coding: Coding, _: FrameTimes, size: Size, __: FrameRate) -> str | None:
    primaries, transfer, matrix = coding.color
    if coding.is_full_range:
        return "its colours use the full range, not the limited one"
    if matrix == UNSAID and size.height < HD_HEIGHT:
        return f"its colours are not tagged: at {size.height} lines they are BT.601, not BT.709"
    if {primaries, transfer, matrix} - {BT709, UNSAID}:
        return f"its colours are {primaries}/{transfer}/{matrix}, not BT.709 (1/1/1)"
    return None


def _stream(coding: Coding, *_: object) -> str | None:
    if not coding.nal_length_size:
        return "it has start codes, no record of its parameter sets in front"
    if coding.nal_length_size != 4:
        return f"its NAL units' lengths have {coding.nal_length_size} bytes, not 4"
    if coding.profile not in PROFILES:
        return f"profile {coding.profile} is none of {', '.join(map(str, PROFILES))}"
    if coding.parameter_changes:
        return f"its parameter sets change within the file, in {coding.parameter_changes} packets"
    if coding.open_keyframes:
        return f"open GOPs: {coding.open_keyframes} of {coding.keyframes} keyframes are not IDR"
    if coding.reorder_depth > (coding.told_depth or 0):
        told = "none" if coding.told_depth is None else coding.told_depth
        return f"its reorder depth is {coding.reorder_depth}, but its parameter sets say {told}"
    return None


_CHECKS = (_picture, _pace, _colors, _stream)
