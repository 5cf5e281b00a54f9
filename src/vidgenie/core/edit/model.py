"""The edit as this version renders it. Strict about names, lenient about "36" for 36.

Every field here does something. What the edit format knows but this version does not render is
listed in `pending.py` and refused by name, so that a wrong name and a missing feature are told
apart.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_camel

from vidgenie.core.edit import limits


class Node(BaseModel):
    """What all objects of an edit share."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=False,
        allow_inf_nan=False,
    )


def _number(value: Any) -> Any:
    """Refuse true and false, which Python would take for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


def _whole(value: Any) -> Any:
    """Take "36", 36.0 and "36.0" for 36."""
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _word(value: Any) -> Any:
    """Take 1080 for "1080": a placeholder's value may be a number where a text belongs."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


def _tween_or_number(value: Any) -> str:
    return "<tweens>" if isinstance(value, list | tuple) else "<number>"


def _word_or_number(value: Any) -> str:
    """Tell "auto" from 5 and "5"."""
    if not isinstance(value, str):
        return "<number>"
    try:
        float(value)
    except ValueError:
        return "<word>"
    return "<number>"


def _list_or_object(value: Any) -> str:
    return "<list>" if isinstance(value, list | tuple) else "<object>"


# Bounds stand before these: behind them the published schema would lose them.
NUMBER = BeforeValidator(_number)
WHOLE = BeforeValidator(_whole)
WORD = BeforeValidator(_word)

Seconds = Annotated[float, Field(ge=0, le=limits.TIME_MAX_S), NUMBER]
Share = Annotated[float, Field(ge=0, le=1), NUMBER]
Side = Annotated[int, Field(ge=1, le=limits.SIDE_MAX), WHOLE]
Name = Annotated[str, Field(max_length=limits.NAME_MAX), WORD]
Src = Annotated[str, Field(min_length=1, max_length=limits.SRC_MAX)]
Horizontal = Literal["left", "center", "right"]
Vertical = Literal["top", "center", "bottom"]
SoundEffect = Literal["none", "fadeIn", "fadeOut", "fadeInFadeOut"]
Position = Literal[
    "top",
    "topRight",
    "right",
    "bottomRight",
    "bottom",
    "bottomLeft",
    "left",
    "topLeft",
    "center",
]
Easing = Literal[
    "ease",
    "easeIn",
    "easeOut",
    "easeInOut",
    "easeInQuad",
    "easeInCubic",
    "easeInQuart",
    "easeInQuint",
    "easeInSine",
    "easeInExpo",
    "easeInCirc",
    "easeInBack",
    "easeOutQuad",
    "easeOutCubic",
    "easeOutQuart",
    "easeOutQuint",
    "easeOutSine",
    "easeOutExpo",
    "easeOutCirc",
    "easeOutBack",
    "easeInOutQuad",
    "easeInOutCubic",
    "easeInOutQuart",
    "easeInOutQuint",
    "easeInOutSine",
    "easeInOutExpo",
    "easeInOutCirc",
    "easeInOutBack",
]


class Tween(Node):
    """A property moving from one value to another; seconds from the clip's start."""

    from_: Annotated[float, NUMBER] | None = Field(None, alias="from")
    to: Annotated[float, NUMBER] | None = None
    start: Seconds | None = None
    length: Seconds | None = None
    interpolation: Literal["linear", "bezier", "constant"] | None = None
    easing: Easing | None = Field(None, description="Used where `interpolation` is bezier.")


Tweens = Annotated[tuple[Tween, ...], Field(min_length=1, max_length=limits.TWEENS_MAX)]

# A union names its branch by a tag in angle brackets: so a wrong value is told of once, by the
# branch that was meant, and `problems.py` knows which steps of a location are not in the document.
MovingShare = Annotated[
    Annotated[Share, Tag("<number>")] | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(_tween_or_number),
]
MovingScale = Annotated[
    Annotated[float, Field(ge=0, le=limits.SCALE_MAX), NUMBER, Tag("<number>")]
    | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(_tween_or_number),
]
MovingOffset = Annotated[
    Annotated[float, Field(ge=-limits.OFFSET_MAX, le=limits.OFFSET_MAX), NUMBER, Tag("<number>")]
    | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(_tween_or_number),
]


class Crop(Node):
    """Fractions cut from each edge of the source, before it is fitted."""

    top: Share | None = None
    bottom: Share | None = None
    left: Share | None = None
    right: Share | None = None


class Offset(Node):
    """Fractions of the frame: x to the right, y upwards."""

    x: MovingOffset | None = None
    y: MovingOffset | None = None


class Transition(Node):
    """How a clip appears and goes."""

    in_: Literal["none", "fade", "fadeSlow", "fadeFast"] | None = Field(None, alias="in")
    out: Literal["none", "fade", "fadeSlow", "fadeFast"] | None = None


class VideoAsset(Node):
    """A video; `trim` seconds of it are left out at its beginning."""

    type: Literal["video"]
    src: Src
    trim: Seconds = 0.0
    volume: MovingShare | None = None
    volume_effect: SoundEffect | None = None
    crop: Crop | None = None


class ImageAsset(Node):
    """A still image."""

    type: Literal["image"]
    src: Src
    crop: Crop | None = None


class AudioAsset(Node):
    """A sound."""

    type: Literal["audio"]
    src: Src
    trim: Seconds = 0.0
    volume: MovingShare | None = None
    effect: SoundEffect | None = None


class TextFont(Node):
    """The letters of a text."""

    family: Name | None = None
    color: str | None = None
    opacity: Share | None = None
    size: Annotated[int, Field(ge=1, le=500), WHOLE] | None = None
    weight: Annotated[int, Field(ge=1, le=1000), WHOLE] | None = None
    line_height: Annotated[float, Field(gt=0, le=10), NUMBER] | None = None


class TextBackground(Node):
    """The box behind a text."""

    color: str | None = None
    opacity: Share | None = None
    padding: Annotated[float, Field(ge=0, le=100), NUMBER] | None = None
    border_radius: Annotated[float, Field(ge=0, le=limits.SIDE_MAX), NUMBER] | None = None


class TextAlignment(Node):
    """Where a text stands in its box."""

    horizontal: Horizontal | None = None
    vertical: Vertical | None = None


class TextAsset(Node):
    """A text in a box; what does not fit into the box is cut off."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=limits.TEXT_MAX), WORD]
    width: Side | None = None
    height: Side | None = None
    font: TextFont = TextFont()
    background: TextBackground | None = None
    alignment: TextAlignment = TextAlignment()


Asset = Annotated[VideoAsset | ImageAsset | AudioAsset | TextAsset, Field(discriminator="type")]

_ALIAS = r"[A-Za-z0-9_-]+"
_Start = Annotated[str, Field(pattern=rf"^(auto|alias://{_ALIAS})$")]
_Length = Annotated[str, Field(pattern=rf"^(auto|end|alias://{_ALIAS})$")]
Start = Annotated[
    Annotated[Seconds, Tag("<number>")] | Annotated[_Start, Tag("<word>")],
    Discriminator(_word_or_number),
]
Length = Annotated[
    Annotated[Seconds, Tag("<number>")] | Annotated[_Length, Tag("<word>")],
    Discriminator(_word_or_number),
]


class Clip(Node):
    """An asset on a track: when and where it is shown."""

    id: Name | None = Field(None, description="Yours; without effect.")
    asset: Asset
    start: Start
    length: Length
    fit: Literal["cover", "contain", "crop", "none"] = "crop"
    scale: MovingScale | None = None
    width: Side | None = None
    height: Side | None = None
    position: Position = "center"
    offset: Offset | None = None
    opacity: MovingShare | None = None
    transition: Transition | None = None
    alias: (
        Annotated[str, Field(pattern=rf"^{_ALIAS}$", max_length=limits.NAME_MAX), WORD] | None
    ) = None


class Track(Node):
    """Clips; later ones stand on top where they overlap."""

    clips: Annotated[tuple[Clip, ...], Field(min_length=1)]


class Soundtrack(Node):
    """Music under the whole timeline."""

    src: Src
    effect: SoundEffect | None = None
    volume: Share | None = None


class Timeline(Node):
    """Tracks, the first on top. None at all: one second of background."""

    tracks: tuple[Track, ...]
    background: str = "#000000"
    soundtrack: Soundtrack | None = None
    duration: Annotated[float, Field(gt=0, le=limits.DURATION_MAX_S), NUMBER] | None = None
    cache: bool = Field(True, description="False: fetch the sources anew.")


class OutputSize(Node):
    """Pixels; rounded down to even numbers."""

    width: Side
    height: Side


class OutputRange(Node):
    """The window of the timeline that is put out, in seconds."""

    start: Seconds | None = None
    length: Annotated[float, Field(gt=0, le=limits.TIME_MAX_S), NUMBER] | None = None


class Output(Node):
    """What is made of the timeline."""

    format: Literal["mp4"]
    resolution: (
        Annotated[
            Literal[
                "preview", "mobile", "sd", "hd", "1080", "4k", "480p", "720p", "1080p", "2160p"
            ],
            BeforeValidator(_word),
        ]
        | None
    ) = None
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:5", "4:3"] | None = None
    size: OutputSize | None = None
    fps: Annotated[float, NUMBER] | None = None
    quality: Literal["verylow", "low", "medium", "high", "veryhigh"] | None = None
    range: OutputRange | None = None
    mute: bool = False


class MergeField(Node):
    """The value of one placeholder, `{{find}}`."""

    find: str
    replace: Any


Merge = Annotated[
    Annotated[tuple[MergeField, ...], Tag("<list>")] | Annotated[dict[str, Any], Tag("<object>")],
    Discriminator(_list_or_object),
]


class Edit(Node):
    """The whole document."""

    timeline: Timeline
    output: Output
    merge: Merge | None = Field(None, description="Values of the placeholders `{{name}}`.")
    callback: Annotated[str, Field(max_length=limits.SRC_MAX)] | None = None
    metadata: dict[str, Any] | None = None
    priority: Annotated[int, Field(ge=-10, le=10), WHOLE] | None = None
    disk: Name | None = Field(None, description="Accepted for old edits; without effect.")
    instance: Name | None = Field(None, description="Accepted for old edits; without effect.")
