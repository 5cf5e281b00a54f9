"""A plan: which frames are made how, and which are made together.

Plan = chunks (given to one worker each) = spans (maximal ranges with one recipe)
"""

from dataclasses import dataclass, field
from typing import Literal

from vidgenie.core.edit.limits import Quality
from vidgenie.core.geometry import Size
from vidgenie.core.plan.form import Form
from vidgenie.core.plan.quality import PRESETS, VideoCodec, rate_factor
from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.model import ResolvedTimeline


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing moves: paint once, encode it for every frame of the span."""

    kind: Literal["hold"] = "hold"


@dataclass(frozen=True, slots=True)
class Box:
    """Blend each layer's even-aligned box in YUV, touch nothing else.

    The first `static` clips of the span do not change in it: they are painted once.
    """

    static: int = 0
    kind: Literal["box"] = "box"


@dataclass(frozen=True, slots=True)
class Mix:
    """As `box`, with pictures that are zoomed, moved, turned or faded as a whole: warped in YUV."""

    static: int = 0
    kind: Literal["mix"] = "mix"


@dataclass(frozen=True, slots=True)
class Paint:
    """Anything: the whole picture in Skia, then converted. Always right, never cheap."""

    kind: Literal["paint"] = "paint"


@dataclass(frozen=True, slots=True)
class Copy:
    """One untouched source: its packets are copied, whole GOPs of them, and nothing is decoded.

    `source` are the source's frames, as many as the span has.
    """

    asset: str
    source: FrameRange
    gops: int
    kind: Literal["copy"] = "copy"


Recipe = Copy | Hold | Box | Mix | Paint


@dataclass(frozen=True, slots=True)
class Span:
    """A maximal range of frames with one recipe and one set of visible clips.

    `clips` are indices into the timeline's clips, bottom first.
    """

    frames: FrameRange
    recipe: Recipe
    clips: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.frames!s:>14} {self.recipe.kind}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole spans given to one worker, encoded alone as closed GOPs; frames of the timeline.

    A chunk in which nothing moves may be put out `repeat` times on end: encoded once, referenced
    often. `frames` and `spans` are those of its first time.
    """

    index: int
    frames: FrameRange
    spans: tuple[Span, ...]
    repeat: int = 1

    @property
    def covers(self) -> FrameRange:
        """All frames of the timeline that it makes."""
        return FrameRange(self.frames.start, self.frames.start + len(self.frames) * self.repeat)

    def __str__(self) -> str:
        times = f" × {self.repeat}" if self.repeat > 1 else ""
        return f"chunk {self.index} {self.frames}{times}"


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """What the encoder is told; equal settings give chunks that can be joined.

    `crf` and `preset` are the codec's own. `gop_frames` is the largest distance of keyframes. With
    `has_alpha` what is see-through stays so. `scale_to` is the finished frame's size where it is
    not the timeline's.
    """

    crf: int = 20
    preset: str = "veryfast"
    gop_frames: int = 60
    codec: VideoCodec = "h264"
    has_alpha: bool = False
    scale_to: Size | None = None
    parameter_id: int = 0
    """The number of the parameter sets, other than those of copied sources in the same file."""

    @classmethod
    def for_quality(cls, quality: Quality, codec: VideoCodec = "h264") -> "EncoderSettings":
        """Return the settings of an edit's `output.quality`."""
        return cls(crf=rate_factor(codec, quality), preset=PRESETS[codec], codec=codec)

    @property
    def wants_rasters(self) -> bool:
        """Pictures are encoded from RGB with alpha, not from YUV 4:2:0: they must be painted."""
        return self.has_alpha or self.codec in ("prores", "ffv1")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said of frames when the plan is explained: why they are not copied."""

    frames: FrameRange
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How to make one output. `has_sound` is false when nothing sounds or the output is mute."""

    timeline: ResolvedTimeline
    chunks: tuple[Chunk, ...]
    encoder: EncoderSettings
    has_sound: bool
    form: Form = field(default_factory=Form)
    notes: tuple[Note, ...] = ()

    @property
    def size(self) -> Size:
        """The finished frame's size."""
        return self.encoder.scale_to or self.timeline.size
