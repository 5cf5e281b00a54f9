"""What the core needs to know of a source, found out by somebody else (`engine/probe.py`)."""

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.fonts import find_family

ROUNDING_S = Fraction(1, 1000)
"""Largest error a container's coarse clock may leave in a time stamp (Matroska: 1 ms)."""


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """When each frame of a source begins, in seconds from the source's first instant.

    Regular sources say `count` and `rate` and leave `ticks` empty; others list the begin of every
    frame in ticks of `1 / tick_rate` seconds, ascending.
    """

    count: int
    rate: FrameRate
    ticks: tuple[int, ...] = ()
    tick_rate: int = 1

    def __post_init__(self) -> None:
        assert self.count > 0, self.count
        assert not self.ticks or len(self.ticks) == self.count

    @property
    def is_regular(self) -> bool:
        """Every frame lasts `1 / rate`."""
        return not self.ticks

    def index_at(self, seconds: Fraction) -> int:
        """Return the frame whose display interval holds a time; the ends hold on for ever."""
        if self.is_regular:
            index = int(seconds * self.rate.fraction // 1)
        else:
            slack = min(Fraction(1, 2 * self.tick_rate), ROUNDING_S)
            index = bisect_right(self.ticks, (seconds + slack) * self.tick_rate) - 1
        return min(max(index, 0), self.count - 1)


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """One video stream, as it is shown: after rotation and with square pixels."""

    width: int
    height: int
    frames: FrameTimes
    codec: str
    pixel_format: str
    has_alpha: bool = False
    rotation: int = 0
    """Degrees clockwise that the decoder's frames must be turned: 0, 90, 180 or 270."""
    color_space: str = "bt709"
    color_range: str = "tv"


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """One audio stream."""

    sample_rate_hz: int
    channels: int
    codec: str


@dataclass(frozen=True, slots=True)
class FontFacts:
    """One font file: the names it gives itself, and what weight and slant it is drawn for."""

    family: str
    full_name: str
    weight: int = 400
    is_italic: bool = False

    def is_named(self, wanted: str, address_name: str) -> bool:
        """Tell whether a family in an edit means this font: by a name of its own or its address."""
        names = (self.family, self.full_name, address_name)
        return find_family(wanted, names) is not None


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """One source file. A still image has `video` with one frame and `is_image`."""

    container: str
    duration_s: float
    video: VideoFacts | None = None
    audio: AudioFacts | None = None
    is_image: bool = False
    font: FontFacts | None = None

    def __str__(self) -> str:
        parts = [self.container]
        if self.font:
            parts.append(f"font {self.font.full_name}")
        if self.video:
            parts.append(f"{self.video.codec} {self.video.width}×{self.video.height}")
        if self.audio:
            parts.append(f"{self.audio.codec} {self.audio.sample_rate_hz} Hz")
        return " · ".join(parts)
