"""Clips on tracks on a timeline: when and where assets are shown."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from vidgenie.core.edit import limits
from vidgenie.core.edit.model.captions import CaptionAsset, RichCaptionAsset
from vidgenie.core.edit.model.graphics import (
    Html5Asset,
    HtmlAsset,
    LottieAsset,
    ShapeAsset,
    SvgAsset,
)
from vidgenie.core.edit.model.media import (
    AudioAsset,
    AudiogramAsset,
    ImageAsset,
    ImageToVideoAsset,
    LumaAsset,
    TextToImageAsset,
    TextToSpeechAsset,
    VideoAsset,
)
from vidgenie.core.edit.model.motion import (
    AnyTransition,
    Blend,
    ClipCaption,
    Effect,
    Filter,
    Mask,
    Transform,
)
from vidgenie.core.edit.model.text import RichTextAsset, TextAsset, TitleAsset
from vidgenie.core.edit.model.values import (
    ALIAS,
    NUMBER,
    Alias,
    BoxSide,
    ColorText,
    Crop,
    Flag,
    Gain,
    MovingAngle,
    MovingOpacity,
    MovingScale,
    MovingShare,
    Name,
    Node,
    Offset,
    Position,
    Seconds,
    SnakeNode,
    SoundEffect,
    Src,
    word_or_number,
)


class CompositionAsset(Node):
    """A timeline of its own, painted into a box and used as one layer."""

    type: Literal["composition"]
    timeline: "Timeline"
    width: BoxSide | None = None
    height: BoxSide | None = None
    trim: Seconds = 0.0
    volume: MovingShare | None = None
    crop: Crop | None = None


Asset = Annotated[
    VideoAsset
    | ImageAsset
    | AudioAsset
    | LumaAsset
    | TextAsset
    | RichTextAsset
    | TitleAsset
    | HtmlAsset
    | Html5Asset
    | SvgAsset
    | ShapeAsset
    | CaptionAsset
    | RichCaptionAsset
    | CompositionAsset
    | AudiogramAsset
    | LottieAsset
    | TextToImageAsset
    | ImageToVideoAsset
    | TextToSpeechAsset,
    Field(discriminator="type"),
]

_Start = Annotated[str, Field(pattern=rf"^(auto|alias://{ALIAS})$")]
_Length = Annotated[str, Field(pattern=rf"^(auto|end|alias://{ALIAS})$")]
Start = Annotated[
    Annotated[Seconds, Tag("<number>")] | Annotated[_Start, Tag("<word>")],
    Discriminator(word_or_number),
]
Length = Annotated[
    Annotated[Seconds, Tag("<number>")] | Annotated[_Length, Tag("<word>")],
    Discriminator(word_or_number),
]


def holds(condition: Any) -> bool:
    """Tell whether a condition is true; a table's "false" and "0" are not."""
    if isinstance(condition, str):
        return condition.strip().lower() not in ("", "0", "false")
    return condition is not None and condition is not False and condition != 0


class Clip(Node):
    """An asset on a track: when and where it is shown."""

    id: Name | None = Field(None, description="Yours; without effect.")
    asset: Asset
    start: Start
    length: Length
    fit: Literal["cover", "contain", "crop", "none"] = "crop"
    scale: MovingScale | None = None
    width: BoxSide | None = None
    height: BoxSide | None = None
    position: Position = "center"
    offset: Offset | None = None
    rotate: MovingAngle | None = Field(None, description="Short for `transform.rotate.angle`.")
    transform: Transform | None = None
    opacity: MovingOpacity | None = None
    transition: AnyTransition | None = None
    effect: Effect | None = None
    filter: Filter | None = None
    blend: Blend | None = None
    mask: Mask | None = None
    caption: ClipCaption | None = None
    alias: Alias | None = None
    on_error: Literal["fail", "skip", "placeholder"] = Field(
        "fail", description="What a source that cannot be had does to the render."
    )
    condition: Any = Field(
        True, description='The clip is left out where this is false, 0, "" or null.'
    )

    @property
    def is_shown(self) -> bool:
        """The clip is part of the edit: its condition holds."""
        return holds(self.condition)


class Track(Node):
    """Clips; later ones stand on top where they overlap."""

    clips: Annotated[tuple[Clip, ...], Field(min_length=1)]


class Soundtrack(Node):
    """Music under the whole timeline."""

    src: Src
    effect: SoundEffect | None = None
    volume: Gain | None = None
    loop: Flag = False


class Font(Node):
    """A font of your own, by its address."""

    src: Src


class Normalize(SnakeNode):
    """The sound as a whole is made this loud."""

    target_lufs: Annotated[float, Field(ge=-70, le=0), NUMBER] = -14.0


class Duck(SnakeNode):
    """Other sound is lowered while the clip with this alias sounds; times in seconds."""

    under: Alias
    amount_db: Annotated[float, Field(ge=-60, le=0), NUMBER] = -12.0
    attack: Annotated[float, Field(ge=0, le=10), NUMBER] | None = None
    release: Annotated[float, Field(ge=0, le=10), NUMBER] | None = None


class TimelineAudio(SnakeNode):
    """What is done to the whole sound."""

    normalize: Normalize | None = None
    duck: Duck | None = None


class Timeline(Node):
    """Tracks, the first on top. None at all: one second of background."""

    tracks: tuple[Track, ...]
    background: ColorText = "#000000"
    soundtrack: Soundtrack | None = None
    fonts: Annotated[tuple[Font, ...], Field(max_length=limits.FONTS_MAX)] = ()
    duration: Annotated[float, Field(gt=0, le=limits.DURATION_MAX_S), NUMBER] | None = None
    units: Literal["fraction", "px"] | None = Field(
        None, description="What offsets count: fractions of the frame, or pixels."
    )
    audio: TimelineAudio | None = None
    loop: Flag = Field(False, description="Repeat the soundtrack until the timeline ends.")
    cache: Flag = Field(True, description="False: fetch the sources anew.")


CompositionAsset.model_rebuild()
Clip.model_rebuild()
Track.model_rebuild()
Timeline.model_rebuild()
