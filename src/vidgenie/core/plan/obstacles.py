"""Why a source's packets cannot stand in an output: what differs, with the numbers."""

from itertools import pairwise

from vidgenie.core.geometry import Size
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import UNSAID, VideoFacts

PROFILES = ("Constrained Baseline", "Main", "High")
"""A player of the last plays all of them."""

NAL_LENGTH_SIZE = 4

BT709 = 1
HD_HEIGHT = 720
"""From this height on, colours that a stream does not tell are taken for BT.709."""


def obstacle(video: VideoFacts, size: Size, rate: FrameRate) -> str | None:
    """Return why a source's packets cannot stand in an output of this size and rate, if so."""
    found = (
        _picture(video, size),
        _pace(video, rate),
        _colors(video),
        _parameters(video),
        _order(video),
    )
    return next(filter(None, found), None)


def _picture(video: VideoFacts, size: Size) -> str | None:
    stored = Size(max(1, video.coded.width), max(1, video.coded.height))
    if video.codec != "h264":
        return f"{video.codec} is not h264"
    if video.rotation:
        return f"its pictures are stored turned, by {video.rotation}°"
    if not video.coded.has_square_pixels:
        return "its pixels are not square"
    if stored != size:
        return f"{stored} is not {size}"
    if video.pixel_format != "yuv420p":
        return f"{video.pixel_format} is not yuv420p"
    if video.is_interlaced:
        return "its pictures are interlaced"
    return None


def _pace(video: VideoFacts, rate: FrameRate) -> str | None:
    times = video.frames
    if video.coded.is_counted:
        return "its time stamps are missing, or run backwards"
    if not times.is_regular:
        steps = [(b - a) / times.tick_rate * 1000 for a, b in pairwise(times.ticks)]
        return f"variable frame rate: a frame lasts {min(steps):.0f} to {max(steps):.0f} ms"
    if times.rate.fraction != rate.fraction:
        return f"{times.rate} frames a second are not {rate}"
    return None


def _colors(video: VideoFacts) -> str | None:
    primaries, transfer, matrix = video.coded.color
    if video.color_range != "tv":
        return "its colours use the full range, not the limited one"
    if matrix == UNSAID and video.coded.height < HD_HEIGHT:
        return f"its colours are not tagged: at {video.height} lines they are BT.601, not BT.709"
    if {primaries, transfer, matrix} - {BT709, UNSAID}:
        return f"its colours are {primaries}/{transfer}/{matrix}, not BT.709 (1/1/1)"
    return None


def _parameters(video: VideoFacts) -> str | None:
    sets = video.coded.sets
    if sets is None:
        return "it has start codes, no record of its parameter sets in front"
    if sets.nal_length_size != NAL_LENGTH_SIZE:
        return f"its NAL units' lengths have {sets.nal_length_size} bytes, not {NAL_LENGTH_SIZE}"
    if video.coded.profile not in PROFILES:
        return f"its profile, {video.coded.profile}, is none of {', '.join(PROFILES)}"
    if not sets.is_progressive:
        return "its pictures may be interlaced"
    return None


def _order(video: VideoFacts) -> str | None:
    coded = video.coded
    if coded.open_gops:
        return f"open GOPs: {len(coded.open_gops)} of {len(coded.keyframes)}"
    told = coded.sets.told_depth if coded.sets else None
    if coded.reorder_depth > (told or 0):
        said = "none" if told is None else told
        return f"its reorder depth is {coded.reorder_depth}, but its parameter sets say {said}"
    return None
