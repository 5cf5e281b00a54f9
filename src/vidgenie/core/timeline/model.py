"""The edit's meaning, resolved: every clip on the frame grid, every curve explicit.

All times inside a clip count from its own first frame, so a clip means the same wherever it
stands: that is what lets equal chunks share one encoding.
"""

from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import chain
from typing import Literal

from vidgenie.core.color import Color
from vidgenie.core.geometry import Affine, Rect, Size
from vidgenie.core.timebase import FrameRange, FrameRate, SampleRange
from vidgenie.core.timeline.facts import FrameTimes, VideoFacts
from vidgenie.core.timeline.graphic import Graphic, Posed
from vidgenie.core.timeline.looks import (
    PLAIN,
    Blend,
    ChromaKey,
    Filter,
    Looks,
    MaskedBy,
    WipeMotion,
)
from vidgenie.core.tween import Curve


@dataclass(frozen=True, slots=True)
class VideoContent:
    """A video: `asset` names the source, `start_s` is where its clip begins in it.

    `times` says which of its frames is shown when. `speed` source seconds pass in one of the
    clip's; 0 is a frozen picture. After `pass_s` of the clip's seconds it begins again at
    `start_s`, if that is set. `facts` is what else is known of it: whether
    it can be copied.
    """

    asset: str
    start_s: Fraction
    times: FrameTimes
    speed: Fraction = Fraction(1)
    pass_s: Fraction | None = None
    facts: VideoFacts | None = None
    kind: Literal["video"] = "video"

    @property
    def boundaries(self) -> tuple[float, ...]:
        """As a graphic's: its frame numbers only ever rise.

        A loop's fall at its joints, which are not named here: there may be thousands of them, and
        a plan that is cut at each is a plan of many small spans. `plan/spans.py` looks closer.
        """
        return ()

    @property
    def comes_back(self) -> bool:
        """As a graphic's: a loop does."""
        return self.pass_s is not None

    def index_at(self, seconds: Fraction) -> int:
        """Return the source's frame shown `seconds` after the clip's first frame.

        After the source's end its last frame stands, or the loop goes on.
        """
        if self.pass_s is not None:
            seconds %= self.pass_s
        return self.times.index_at(self.start_s + seconds * self.speed)


@dataclass(frozen=True, slots=True)
class ImageContent:
    """A still image."""

    asset: str
    kind: Literal["image"] = "image"

    @property
    def boundaries(self) -> tuple[float, ...]:
        """As a graphic's: it never moves by itself."""
        return ()

    @property
    def comes_back(self) -> bool:
        """As a graphic's."""
        return False


Content = VideoContent | ImageContent | Graphic


@dataclass(frozen=True, slots=True)
class Swing:
    """A turn about a corner of the frame (0 or 1 each way); degrees, clockwise."""

    corner: tuple[float, float]
    angle: Curve


@dataclass(frozen=True, slots=True)
class Motion:
    """How a clip moves. Seconds from the clip's first frame.

    Scales, zooms, mirrors (1 or -1) and opacities multiply, offsets (fractions of the frame, y
    upwards), rotations (degrees, clockwise) and skews (how far x goes with y, and y with x) add:
    effect, transition and the user's own tween may all be active at once. A scale changes the box
    that is aligned with the frame; a zoom acts about the aligned box's centre, and so do mirror,
    rotation and skew. Swings come last.
    """

    scales: tuple[Curve, ...] = ()
    offsets_x: tuple[Curve, ...] = ()
    offsets_y: tuple[Curve, ...] = ()
    opacities: tuple[Curve, ...] = ()
    zooms: tuple[Curve, ...] = ()
    rotations: tuple[Curve, ...] = ()
    skews_x: tuple[Curve, ...] = ()
    skews_y: tuple[Curve, ...] = ()
    mirrors_x: tuple[Curve, ...] = ()
    mirrors_y: tuple[Curve, ...] = ()
    swings: tuple[Swing, ...] = ()
    wipes: tuple[WipeMotion, ...] = ()

    @property
    def curves(self) -> tuple[Curve, ...]:
        """All of them."""
        placing = self.scales + self.offsets_x + self.offsets_y + self.opacities
        turning = self.zooms + self.rotations + self.skews_x + self.skews_y
        turning += self.mirrors_x + self.mirrors_y + tuple(swing.angle for swing in self.swings)
        return placing + turning + tuple(wipe.progress for wipe in self.wipes)

    def joined(self, *others: "Motion") -> "Motion":
        """Return all movements at once."""
        parts = (self, *others)
        return Motion(
            **{
                each.name: tuple(chain.from_iterable(getattr(part, each.name) for part in parts))
                for each in fields(Motion)
            }
        )


@dataclass(frozen=True, slots=True)
class PlacedClip:
    """A clip that shows something: when, what, where.

    `name` is its place in the edit, "track.clip". `source` is the part of the content shown (after
    crop, in the content's own pixels), `fit` its scales across and down at `scale` 1; `anchor` is
    the point of the shown part, as fractions, that is laid on the same point of the frame. `flips`
    mirror it left to right and top to bottom.
    """

    name: str
    frames: FrameRange
    content: Content
    source: Rect
    fit: tuple[float, float]
    anchor: tuple[float, float]
    motion: Motion
    is_opaque: bool
    flips: tuple[bool, bool] = (False, False)
    chroma_key: ChromaKey | None = None
    filter: Filter | None = None
    masks: tuple[MaskedBy, ...] = ()
    blend: Blend = "normal"


@dataclass(frozen=True, slots=True)
class Voice:
    """A clip that sounds. `gains` multiply; seconds from the voice's first sample.

    `start_s` is where in the source its first sample is taken; `speed` source seconds pass in one
    of the voice's. After `pass_s` of its own seconds it begins again at `start_s`, if that is set.
    """

    name: str
    samples: SampleRange
    asset: str
    start_s: Fraction
    gains: tuple[Curve, ...] = ()
    speed: Fraction = Fraction(1)
    pass_s: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ResolvedTimeline:
    """The whole output: `clips` in painting order (bottom first), and the voices.

    `frames` are the frames that are put out: all of them, or the window `output.range` asks for.
    `loudness_lufs` is how loud their sound is made as a whole; None leaves it as it is.
    """

    size: Size
    rate: FrameRate
    frames: FrameRange
    background: Color
    clips: tuple[PlacedClip, ...] = ()
    voices: tuple[Voice, ...] = ()
    loudness_lufs: float | None = None

    @property
    def samples(self) -> SampleRange:
        """The sound samples that are put out."""
        return SampleRange(
            self.rate.sample_at(self.frames.start), self.rate.sample_at(self.frames.stop)
        )

    def __str__(self) -> str:
        return f"{len(self.frames)} frames @ {self.rate}, {self.size}, {len(self.clips)} clips"


@dataclass(frozen=True, slots=True)
class FrameOf:
    """Frame `index` of a video source."""

    asset: str
    index: int
    kind: Literal["frame"] = "frame"


Drawable = FrameOf | ImageContent | Posed
"""What a layer paints. Its own pixel space: the source's shown size, or the graphic's box."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One drawable as painted on one frame.

    `source` is the visible rectangle in the drawable's own pixels, `matrix` maps those pixels to
    the frame's. Everything outside `source` is not painted. `opacity` 0..1.
    """

    clip: str
    drawable: Drawable
    source: Rect
    matrix: Affine
    opacity: float
    is_opaque: bool
    """The drawable itself has no transparent pixel (its opacity may still be below 1)."""
    looks: Looks = PLAIN

    @property
    def bounds(self) -> Rect:
        """The upright rectangle of the frame it may touch."""
        return self.matrix.bounds(self.source)


@dataclass(frozen=True, slots=True)
class Picture:
    """All layers of one frame, bottom first, over an opaque background."""

    size: Size
    background: Color
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class SoundPart:
    """One voice within one range of samples: `offset` samples after the voice's first."""

    voice: Voice
    samples: SampleRange
    offset: int
