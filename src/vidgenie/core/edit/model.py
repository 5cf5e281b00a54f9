"""The edit as this version renders it. Strict about names, lenient about "36" for 36.

Every field here does something. What the edit format knows but this version does not render is
listed in `pending.py` and refused by name, so that a wrong name and a missing feature are told
apart.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
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
        raise ValueError("must be a number, not true or false")
    return value


def _whole(value: Any) -> Any:
    """Take "36", 36.0 and "36.0" for 36."""
    if isinstance(value, bool):
        raise ValueError("must be a whole number, not true or false")
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _word(value: Any) -> Any:
    """Take 1080 for "1080"."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[float, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
Seconds = Annotated[Number, Field(ge=0, le=limits.TIME_MAX_S)]
Fraction01 = Annotated[Number, Field(ge=0, le=1)]
Src = Annotated[str, Field(min_length=1, max_length=limits.SRC_MAX)]
Side = Annotated[Whole, Field(ge=1, le=limits.SIDE_MAX)]
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

    from_: Number | None = Field(None, alias="from")
    to: Number | None = None
    start: Seconds | None = None
    length: Seconds | None = None
    interpolation: Literal["linear", "bezier", "constant"] | None = None
    easing: Easing | None = None


Tweens = Annotated[tuple[Tween, ...], Field(min_length=1, max_length=100)]


class Crop(Node):
    """Fractions cut from each edge of the source, before it is fitted."""

    top: Fraction01 | None = None
    bottom: Fraction01 | None = None
    left: Fraction01 | None = None
    right: Fraction01 | None = None


class Offset(Node):
    """Fractions of the frame: x to the right, y upwards."""

    x: Number | Tweens | None = None
    y: Number | Tweens | None = None


class Transition(Node):
    """How a clip appears and goes."""

    in_: Literal["none", "fade", "fadeSlow", "fadeFast"] | None = Field(None, alias="in")
    out: Literal["none", "fade", "fadeSlow", "fadeFast"] | None = None


class VideoAsset(Node):
    """A video; `trim` seconds of it are left out at its beginning."""

    type: Literal["video"]
    src: Src
    trim: Seconds = 0.0
    volume: Fraction01 | Tweens | None = None
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
    volume: Fraction01 | Tweens | None = None
    effect: SoundEffect | None = None


class TextFont(Node):
    """The letters of a text."""

    family: str | None = None
    color: str | None = None
    opacity: Fraction01 | None = None
    size: Annotated[Whole, Field(ge=1, le=500)] | None = None
    weight: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    line_height: Annotated[Number, Field(gt=0, le=10)] | None = None


class TextBackground(Node):
    """The box behind a text."""

    color: str | None = None
    opacity: Fraction01 | None = None
    padding: Annotated[Number, Field(ge=0, le=100)] | None = None
    border_radius: Annotated[Number, Field(ge=0, le=limits.SIDE_MAX)] | None = None


class TextAlignment(Node):
    """Where a text stands in its box."""

    horizontal: Horizontal | None = None
    vertical: Vertical | None = None


class TextAsset(Node):
    """A text in a box; what does not fit into the box is cut off."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=limits.TEXT_MAX)]
    width: Side | None = None
    height: Side | None = None
    font: TextFont = TextFont()
    background: TextBackground | None = None
    alignment: TextAlignment = TextAlignment()


Asset = Annotated[VideoAsset | ImageAsset | AudioAsset | TextAsset, Field(discriminator="type")]

_ALIAS = r"[A-Za-z0-9_-]+"
Start = Annotated[str, Field(pattern=rf"^(auto|alias://{_ALIAS})$")]
Length = Annotated[str, Field(pattern=rf"^(auto|end|alias://{_ALIAS})$")]


class Clip(Node):
    """An asset on a track: when and where it is shown."""

    id: str | None = Field(None, description="Yours; without effect.")
    asset: Asset
    start: Seconds | Start
    length: Seconds | Length
    fit: Literal["cover", "contain", "crop", "none"] = "crop"
    scale: Annotated[Number, Field(ge=0, le=100)] | Tweens | None = None
    width: Side | None = None
    height: Side | None = None
    position: Position = "center"
    offset: Offset | None = None
    opacity: Fraction01 | Tweens | None = None
    transition: Transition | None = None
    alias: Annotated[str, Field(pattern=rf"^{_ALIAS}$")] | None = None


class Track(Node):
    """Clips; later ones stand on top where they overlap."""

    clips: Annotated[tuple[Clip, ...], Field(min_length=1)]


class Soundtrack(Node):
    """Music under the whole timeline."""

    src: Src
    effect: SoundEffect | None = None
    volume: Fraction01 | None = None


class Timeline(Node):
    """Tracks, the first on top. None at all: one second of background."""

    tracks: tuple[Track, ...]
    background: str = "#000000"
    soundtrack: Soundtrack | None = None
    duration: Annotated[Number, Field(gt=0, le=limits.DURATION_MAX_S)] | None = None
    cache: bool = Field(True, description="False: fetch the sources anew.")


class OutputSize(Node):
    """Pixels; rounded down to even numbers."""

    width: Side
    height: Side


class OutputRange(Node):
    """The window of the timeline that is put out, in seconds."""

    start: Seconds | None = None
    length: Annotated[Seconds, Field(gt=0)] | None = None


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
    fps: Number | None = None
    quality: Literal["verylow", "low", "medium", "high", "veryhigh"] | None = None
    range: OutputRange | None = None
    mute: bool = False


class Edit(Node):
    """The whole document."""

    timeline: Timeline
    output: Output
    merge: Any = Field(None, description="Values of placeholders: a list of find and replace.")
    callback: str | None = None
    metadata: dict[str, Any] | None = None
    priority: Annotated[Whole, Field(ge=-10, le=10)] | None = None
    disk: str | None = Field(None, description="Accepted for old edits; without effect.")
    instance: str | None = Field(None, description="Accepted for old edits; without effect.")
