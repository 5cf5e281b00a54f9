"""What the core needs to know of a source, found out by somebody else (`engine/probe.py`)."""

from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction

from vidgenie.core.lottie.document import LottieFacts
from vidgenie.core.timebase import FrameRate, exact_seconds
from vidgenie.core.timeline.fonts import find_family

UNSAID = 2
"""H.273's word for a colour that a stream does not tell."""

ROUNDING_S = Fraction(1, 1000)
"""Largest error a container's coarse clock may leave in a time stamp (Matroska: 1 ms)."""

ANIMATIONS = frozenset({"gif", "apng", "webp", "avif"})
"""Containers of moving pictures: as an image they repeat for as long as they are shown."""

LOOP_MIN_S = Fraction(1, 50)
"""A pass that takes less than this is not repeated: it would be a tone, and a flicker."""


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
    stop_tick: int = 0
    """Where the last of the listed frames ends; 0 where that is not known."""

    def __post_init__(self) -> None:
        assert self.count > 0, self.count
        assert not self.ticks or len(self.ticks) == self.count

    @property
    def is_regular(self) -> bool:
        """Every frame lasts `1 / rate`."""
        return not self.ticks

    @property
    def duration_s(self) -> Fraction:
        """Seconds from the begin of the first frame to the end of the last."""
        if self.is_regular:
            return self.count / self.rate.fraction
        last = self.ticks[-1]
        if self.stop_tick > last:
            return Fraction(self.stop_tick, self.tick_rate)
        return Fraction(last, self.tick_rate) + 1 / self.rate.fraction

    def begin_of(self, index: int) -> Fraction:
        """Return when a frame begins."""
        if self.is_regular:
            return index / self.rate.fraction
        return Fraction(self.ticks[index], self.tick_rate)

    def index_at(self, seconds: Fraction) -> int:
        """Return the frame whose display interval holds a time; the ends hold on for ever."""
        if self.is_regular:
            index = int(seconds * self.rate.fraction // 1)
        else:
            slack = min(Fraction(1, 2 * self.tick_rate), ROUNDING_S)
            index = bisect_right(self.ticks, (seconds + slack) * self.tick_rate) - 1
        return min(max(index, 0), self.count - 1)


@dataclass(frozen=True, slots=True)
class ParameterFacts:
    """What a stream's H.264 parameter sets say."""

    digest: str
    """A hash of all of them: sources with equal ones can stand in one file."""
    ids: tuple[int, ...]
    """The numbers they have, ascending."""
    nal_length_size: int = 4
    is_progressive: bool = True
    told_depth: int | None = None
    """How many pictures are held back to put them in order, if they say it: players rely on it."""


@dataclass(frozen=True, slots=True)
class Coding:
    """The coded form of a video stream.

    Pictures are named by their number in the order in which they are shown, times are time stamps
    of the stream itself. `width` and `height` are those stored, before any rotation; `color` is
    the primaries, the transfer and the matrix in the numbers of ITU-T H.273.
    """

    clock: FrameRate = field(default_factory=lambda: FrameRate(1))
    """Ticks a second: the inverse of the stream's time base."""
    first_tick: int = 0
    """The time stamp of the first picture shown; an edit list or a late start moves it from 0."""
    keyframes: tuple[int, ...] = ()
    """The pictures decoding may begin at, ascending; empty means: at every one."""
    open_gops: tuple[int, ...] = ()
    """Keyframes followed by pictures shown before them, which may lean on the GOP before."""
    reorder_depth: int = 0
    """Pictures the decoder holds back to put them in order (`has_b_frames`)."""
    profile: str = ""
    level: int = 0
    is_counted: bool = False
    """Time stamps are missing or run backwards: pictures are counted from the beginning."""
    has_hidden: bool = False
    """The edit list leaves out pictures that are in the file."""
    width: int = 0
    height: int = 0
    color: tuple[int, int, int] = (UNSAID, UNSAID, UNSAID)
    has_square_pixels: bool = True
    sets: ParameterFacts | None = None
    """H.264's parameter sets, where they stand in front (not in an MPEG transport stream)."""

    def keyframe_before(self, index: int) -> int:
        """Return the last picture up to `index` that decoding may begin at."""
        if not self.keyframes:
            return index
        return self.keyframes[max(0, bisect_right(self.keyframes, index) - 1)]

    def edges(self, count: int) -> tuple[int, ...]:
        """Return the pictures between which whole GOPs lie; `count` is that of all pictures.

        Hidden pictures may stand at the end, within the last GOP: it is not taken for whole.
        """
        return self.keyframes if self.has_hidden else (*self.keyframes, count)


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
    primaries: str = "bt709"
    transfer: str = "sdr"
    """How light becomes numbers: `sdr`, or one of the HDR curves, `pq` and `hlg`."""
    is_interlaced: bool = False
    coded: Coding = field(default_factory=Coding)


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
class SpokenWord:
    """A word, and when it is spoken."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Cue:
    """What captions show at a time: lines of text. `words` are there where the file times them."""

    start_s: float
    end_s: float
    text: str
    words: tuple[SpokenWord, ...] = ()


@dataclass(frozen=True, slots=True)
class CaptionFacts:
    """One caption file: its cues by their begin, and what of it is not shown."""

    cues: tuple[Cue, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """One source file. A still image has `video` with one frame and `is_image`."""

    container: str
    duration_s: float
    video: VideoFacts | None = None
    audio: AudioFacts | None = None
    is_image: bool = False
    font: FontFacts | None = None
    captions: CaptionFacts | None = None
    lottie: LottieFacts | None = None

    def __str__(self) -> str:
        parts = [self.container]
        if self.captions:
            parts.append(f"{len(self.captions.cues)} cues")
        if self.font:
            parts.append(f"font {self.font.full_name}")
        if self.lottie:
            parts.append(f"{self.lottie.count:g} frames at {self.lottie.rate:g} a second")
        if self.video:
            parts.append(f"{self.video.codec} {self.video.width}×{self.video.height}")
        if self.audio:
            parts.append(f"{self.audio.codec} {self.audio.sample_rate_hz} Hz")
        return " · ".join(parts)


def pass_of(known: MediaFacts, start_s: Fraction, speed: Fraction) -> Fraction | None:
    """Return the clip's seconds after which a source begins again at `start_s`; None for never.

    Containers round their length; where the pictures tell the same more exactly they are asked,
    or the joint would drift away from the frame grid.
    """
    whole = exact_seconds(known.duration_s)
    if known.video is not None and abs(known.video.frames.duration_s - whole) < ROUNDING_S:
        whole = known.video.frames.duration_s
    if not speed or (whole - start_s) / speed < LOOP_MIN_S:
        return None
    return (whole - start_s) / speed
