"""Assets that are spoken words: captions, and how the word just spoken looks."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from vidgenie.core.edit import limits
from vidgenie.core.edit.model.text import (
    AnyPadding,
    Decoration,
    Direction,
    LetterCase,
    RichTextAlignment,
    RichTextBackground,
    RichTextBorder,
    RichTextGradient,
    RichTextShadow,
    RichTextStroke,
)
from vidgenie.core.edit.model.values import (
    WORD,
    ColorText,
    FontSize,
    LineHeight,
    Name,
    Node,
    Opacity,
    Pixels,
    Seconds,
    Share,
    SignedPixels,
    Speed,
    Src,
    Weight,
    not_given,
    word_or_object,
)


class Word(Node):
    """A word and when it is spoken, in seconds."""

    text: Annotated[str, Field(max_length=limits.NAME_MAX), WORD]
    start: Seconds
    end: Seconds


Words = Annotated[tuple[Word, ...], Field(min_length=1, max_length=limits.WORDS_MAX)]


class CaptionFont(Node):
    """The letters of captions."""

    family: Name | None = None
    color: ColorText | None = None
    opacity: Opacity | None = None
    size: FontSize | None = None
    line_height: LineHeight | None = None
    stroke: ColorText | None = None
    stroke_width: Pixels | None = None


class CaptionBackground(Node):
    """The box behind captions."""

    color: ColorText | None = None
    opacity: Opacity | None = None
    padding: Pixels | None = None
    border_radius: Pixels | None = None


class CaptionMargin(Node):
    """How far captions keep from the frame's edges, in fractions of it."""

    top: Share | None = None
    left: Share | None = None
    right: Share | None = None


class CaptionAsset(Node):
    """Captions from a file (SRT, VTT, TTML), another clip, or `words`."""

    type: Literal["caption"]
    src: Src = not_given()
    words: Words | None = None
    font: CaptionFont = CaptionFont()
    background: CaptionBackground | None = None
    margin: CaptionMargin | None = None
    trim: Seconds = 0.0
    speed: Speed = 1.0


class RichCaptionFont(Node):
    """The letters of rich captions."""

    family: Name = "Roboto"
    size: FontSize = 24.0
    weight: Weight = 400
    style: Literal["normal", "italic"] = "normal"
    color: ColorText = "#ffffff"
    opacity: Share = 1.0
    background: ColorText | None = None


class RichCaptionStyle(Node):
    """How the letters of rich captions are set."""

    letter_spacing: SignedPixels = 0.0
    line_height: LineHeight = 1.2
    text_transform: LetterCase = "none"
    size: FontSize | None = None
    text_decoration: Decoration = "none"
    gradient: RichTextGradient | None = None


class RichCaptionActiveFont(Node):
    """What is different about the letters of the word just spoken."""

    family: Name | None = None
    weight: Weight | None = None
    color: ColorText | None = None
    background: ColorText | None = None
    opacity: Share | None = None
    size: FontSize | None = None
    text_decoration: Decoration | None = None


class RichCaptionActive(Node):
    """How the word just spoken looks."""

    font: RichCaptionActiveFont | None = None
    stroke: (
        Annotated[
            Annotated[Literal["none"], Tag("<word>")] | Annotated[RichTextStroke, Tag("<object>")],
            Discriminator(word_or_object),
        ]
        | None
    ) = None
    shadow: (
        Annotated[
            Annotated[Literal["none"], Tag("<word>")] | Annotated[RichTextShadow, Tag("<object>")],
            Discriminator(word_or_object),
        ]
        | None
    ) = None


class RichCaptionAnimation(Node):
    """How the word just spoken moves."""

    style: Literal["karaoke", "highlight", "pop", "fade", "slide", "bounce", "typewriter", "none"]
    direction: Direction = "up"


class RichCaptionAsset(Node):
    """Captions with every style, and the word just spoken marked."""

    type: Literal["rich-caption"]
    src: Src = not_given()
    words: Words | None = None
    font: RichCaptionFont = RichCaptionFont()
    style: RichCaptionStyle = RichCaptionStyle()
    stroke: RichTextStroke | None = None
    shadow: RichTextShadow | None = None
    background: RichTextBackground | None = None
    border: RichTextBorder | None = None
    padding: AnyPadding | None = None
    align: RichTextAlignment = RichTextAlignment()
    active: RichCaptionActive | None = None
    animation: RichCaptionAnimation | None = None
