"""Assets that are words: text, rich text, titles; and how their letters look."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from vidgenie.core.edit import limits
from vidgenie.core.edit.model.values import (
    NUMBER,
    WORD,
    BoxSide,
    ColorText,
    Flag,
    FontSize,
    Horizontal,
    LineHeight,
    Name,
    Node,
    Offset,
    Opacity,
    Pixels,
    Position,
    Share,
    SignedPixels,
    Vertical,
    Weight,
    number_or_object,
)

Text = Annotated[str, Field(max_length=limits.TEXT_MAX), WORD]
AnimationSeconds = Annotated[float, Field(ge=0.1, le=30), NUMBER]
Decoration = Literal["none", "underline", "line-through"]
LetterCase = Literal["none", "uppercase", "lowercase", "capitalize"]
Direction = Literal["left", "right", "up", "down"]


class TextFont(Node):
    """The letters of a text."""

    family: Name | None = None
    color: ColorText | None = None
    opacity: Opacity | None = None
    size: FontSize | None = None
    weight: Weight | None = None
    line_height: LineHeight | None = None


class TextBackground(Node):
    """The box behind a text."""

    color: ColorText | None = None
    opacity: Share | None = None
    padding: Annotated[float, Field(ge=0, le=100), NUMBER] | None = None
    border_radius: Pixels | None = None
    wrap: Flag = False


class TextAlignment(Node):
    """Where a text stands in its box."""

    horizontal: Horizontal | None = None
    vertical: Vertical | None = None


class TextStroke(Node):
    """The outline of a text's letters."""

    width: Annotated[float, Field(ge=0, le=10), NUMBER] | None = None
    color: ColorText | None = None


class TextAnimation(Node):
    """How a text appears."""

    preset: Literal["typewriter"]
    duration: AnimationSeconds | None = None


class TextAsset(Node):
    """A text in a box; what does not fit into the box is cut off."""

    type: Literal["text"]
    text: Text
    width: BoxSide | None = None
    height: BoxSide | None = None
    font: TextFont = TextFont()
    background: TextBackground | None = None
    alignment: TextAlignment = TextAlignment()
    stroke: TextStroke | None = None
    animation: TextAnimation | None = None
    ellipsis: Name | None = None


class RichTextStroke(Node):
    """An outline."""

    width: Pixels = 0.0
    color: ColorText = "#000000"
    opacity: Share = 1.0


class RichTextFont(Node):
    """The letters of a rich text."""

    family: Name = "Open Sans"
    size: FontSize = 24.0
    weight: Weight = 400
    style: Literal["normal", "italic"] = "normal"
    color: ColorText = "#000000"
    opacity: Share = 1.0
    background: ColorText | None = None
    stroke: RichTextStroke | None = None


class RichTextStop(Node):
    """A colour of a gradient, and where it stands: 0 at its begin, 1 at its end."""

    offset: Share
    color: ColorText


class RichTextGradient(Node):
    """Colours that flow into each other; `angle` in degrees."""

    type: Literal["linear", "radial"] = "linear"
    angle: Annotated[float, Field(ge=0, le=360), NUMBER] = 0.0
    stops: Annotated[tuple[RichTextStop, ...], Field(min_length=2, max_length=limits.STOPS_MAX)]


class RichTextStyle(Node):
    """How the letters of a rich text are set."""

    letter_spacing: SignedPixels = 0.0
    word_spacing: Pixels = 0.0
    line_height: LineHeight = 1.2
    text_transform: LetterCase = "none"
    text_decoration: Decoration = "none"
    gradient: RichTextGradient | None = None


class RichTextShadow(Node):
    """A shadow of letters."""

    offset_x: SignedPixels = 0.0
    offset_y: SignedPixels = 0.0
    blur: Pixels = 0.0
    color: ColorText = "#000000"
    opacity: Share = 0.5


class RichTextBackground(Node):
    """The box behind a rich text; with `wrap`, one that fits its lines."""

    color: ColorText | None = None
    opacity: Share = 1.0
    border_radius: Pixels = 0.0
    wrap: Flag = False
    padding: Annotated[float, Field(ge=0, le=200), NUMBER] | None = None


class RichTextBorder(Node):
    """The frame round a rich text's box."""

    width: Pixels = 0.0
    color: ColorText = "#000000"
    opacity: Share = 1.0
    radius: Pixels = 0.0


class RichTextPadding(Node):
    """What is kept free within a rich text's box, in pixels."""

    top: Pixels = 0.0
    right: Pixels = 0.0
    bottom: Pixels = 0.0
    left: Pixels = 0.0

    @classmethod
    def of(cls, padding: "float | RichTextPadding | None") -> "RichTextPadding":
        """Return a padding on all four sides: one number is each of them."""
        if isinstance(padding, RichTextPadding):
            return padding
        each = padding or 0.0
        return cls(top=each, right=each, bottom=each, left=each)


AnyPadding = Annotated[
    Annotated[Pixels, Tag("<number>")] | Annotated[RichTextPadding, Tag("<object>")],
    Discriminator(number_or_object),
]


class RichTextAlignment(Node):
    """Where a rich text stands in its box."""

    horizontal: Horizontal = "center"
    vertical: Literal["top", "middle", "bottom"] = "middle"


class RichTextAnimation(Node):
    """How a rich text appears: as a whole, by words or by letters."""

    preset: Literal["fadeIn", "slideIn", "typewriter", "ascend", "shift", "movingLetters"]
    duration: AnimationSeconds | None = None
    style: Literal["character", "word"] | None = None
    direction: Direction | None = None


class RichTextAsset(Node):
    """A text with every style; its box is the clip's `width` and `height`, or the frame."""

    type: Literal["rich-text"]
    text: Text
    font: RichTextFont = RichTextFont()
    style: RichTextStyle = RichTextStyle()
    stroke: RichTextStroke | None = None
    shadow: RichTextShadow | None = None
    background: RichTextBackground | None = None
    border: RichTextBorder | None = None
    padding: AnyPadding | None = None
    align: RichTextAlignment = RichTextAlignment()
    animation: RichTextAnimation | None = None


class TitleAsset(Node):
    """A title in one of ten styles."""

    type: Literal["title"]
    text: Text
    style: (
        Literal[
            "minimal",
            "blockbuster",
            "vogue",
            "sketchy",
            "skinny",
            "chunk",
            "chunkLight",
            "marker",
            "future",
            "subtitle",
        ]
        | None
    ) = None
    color: ColorText | None = None
    size: (
        Literal["xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large"] | None
    ) = None
    background: ColorText | None = None
    position: Position | None = None
    offset: Offset | None = None
