"""How a clip moves and shows: transitions, transforms, masks, and its own captions."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

from vidgenie.core.edit import limits
from vidgenie.core.edit.model.values import (
    NUMBER,
    WHOLE,
    WORD,
    AliasSrc,
    AnyEasing,
    ColorText,
    Flag,
    FontSize,
    Horizontal,
    MovingAngle,
    MovingSkew,
    Name,
    Node,
    Pixels,
    Position,
    Seconds,
    Share,
    SignedPixels,
    SnakeNode,
    Weight,
)

TransitionName = Literal[
    "none",
    "fade",
    "fadeSlow",
    "fadeFast",
    "reveal",
    "revealSlow",
    "revealFast",
    "wipeLeft",
    "wipeLeftSlow",
    "wipeLeftFast",
    "wipeRight",
    "wipeRightSlow",
    "wipeRightFast",
    "slideLeft",
    "slideLeftSlow",
    "slideLeftFast",
    "slideRight",
    "slideRightSlow",
    "slideRightFast",
    "slideUp",
    "slideUpSlow",
    "slideUpFast",
    "slideDown",
    "slideDownSlow",
    "slideDownFast",
    "carouselLeft",
    "carouselLeftSlow",
    "carouselLeftFast",
    "carouselRight",
    "carouselRightSlow",
    "carouselRightFast",
    "carouselUp",
    "carouselUpSlow",
    "carouselUpFast",
    "carouselDown",
    "carouselDownSlow",
    "carouselDownFast",
    "shuffleTopRight",
    "shuffleTopRightSlow",
    "shuffleTopRightFast",
    "shuffleRightTop",
    "shuffleRightTopSlow",
    "shuffleRightTopFast",
    "shuffleRightBottom",
    "shuffleRightBottomSlow",
    "shuffleRightBottomFast",
    "shuffleBottomRight",
    "shuffleBottomRightSlow",
    "shuffleBottomRightFast",
    "shuffleBottomLeft",
    "shuffleBottomLeftSlow",
    "shuffleBottomLeftFast",
    "shuffleLeftBottom",
    "shuffleLeftBottomSlow",
    "shuffleLeftBottomFast",
    "shuffleLeftTop",
    "shuffleLeftTopSlow",
    "shuffleLeftTopFast",
    "shuffleTopLeft",
    "shuffleTopLeftSlow",
    "shuffleTopLeftFast",
    "zoom",
]
Effect = Literal[
    "zoomIn",
    "zoomInSlow",
    "zoomInFast",
    "zoomOut",
    "zoomOutSlow",
    "zoomOutFast",
    "slideLeft",
    "slideLeftSlow",
    "slideLeftFast",
    "slideRight",
    "slideRightSlow",
    "slideRightFast",
    "slideUp",
    "slideUpSlow",
    "slideUpFast",
    "slideDown",
    "slideDownSlow",
    "slideDownFast",
]
Filter = Literal[
    "none", "blur", "boost", "contrast", "darken", "greyscale", "lighten", "muted", "negative"
]
Blend = Literal[
    "normal",
    "multiply",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "color-dodge",
    "color-burn",
    "hard-light",
    "soft-light",
    "difference",
    "exclusion",
    "hue",
    "saturation",
    "color",
    "luminosity",
]


class Transition(Node):
    """How a clip appears and goes; a text means both.

    With `with`, it is one picture passing into the next: the clip's with that of the clip before.
    """

    in_: TransitionName | None = Field(None, alias="in")
    out: TransitionName | None = None
    duration: Annotated[float, Field(gt=0, le=limits.TIME_MAX_S), NUMBER] | None = None
    easing: AnyEasing | None = None
    with_: Literal["previous"] | None = Field(None, alias="with")


def _both_ends(value: Any) -> Any:
    """Take "fade" for a fade at both ends."""
    if not isinstance(value, str):
        return value
    names = get_args(TransitionName)
    if value not in names:
        expected = ", ".join(repr(name) for name in names)
        raise PydanticKnownError("literal_error", {"expected": expected})
    return Transition.model_validate({"in": value, "out": value})


AnyTransition = Annotated[
    Transition, BeforeValidator(_both_ends, json_schema_input_type=TransitionName | Transition)
]


class Rotate(Node):
    """Degrees, clockwise."""

    angle: MovingAngle | None = None


class Skew(Node):
    """How far a clip leans."""

    x: MovingSkew | None = None
    y: MovingSkew | None = None


class Flip(Node):
    """Mirrored: left for right, or top for bottom."""

    horizontal: Flag = False
    vertical: Flag = False


class Keyframe(SnakeNode):
    """What a clip looks like at one of its times; between two of them it moves."""

    time: Seconds
    scale: Annotated[float, Field(ge=0, le=limits.SCALE_MAX), NUMBER] | None = None
    rotate: Annotated[float, Field(ge=-limits.TURN_MAX, le=limits.TURN_MAX), NUMBER] | None = None
    x: SignedPixels | None = None
    y: SignedPixels | None = None
    opacity: Share | None = None
    skew_x: Annotated[float, Field(ge=-100, le=100), NUMBER] | None = None
    skew_y: Annotated[float, Field(ge=-100, le=100), NUMBER] | None = None
    flip_x: Flag | None = None
    flip_y: Flag | None = None
    easing: AnyEasing | None = None


class PresetConfig(SnakeNode):
    """How far a preset goes: scales at its begin and end, or a share of the frame."""

    zoom_start: Annotated[float, Field(gt=0, le=limits.SCALE_MAX), NUMBER] | None = None
    zoom_end: Annotated[float, Field(gt=0, le=limits.SCALE_MAX), NUMBER] | None = None
    pan_distance: SignedPixels | None = None


class Transform(SnakeNode):
    """Turned, leaning, mirrored; moved by keyframes or by a preset."""

    rotate: Rotate | None = None
    skew: Skew | None = None
    flip: Flip | None = None
    keyframes: Annotated[tuple[Keyframe, ...], Field(max_length=limits.TWEENS_MAX)] | None = None
    preset: (
        Literal[
            "pan_left",
            "pan_right",
            "pan_up",
            "pan_down",
            "zoom_in",
            "zoom_out",
            "ken_burns",
            "slide_in_left",
            "slide_in_right",
            "slide_out_left",
            "slide_out_right",
        ]
        | None
    ) = None
    preset_config: PresetConfig | None = None


class Mask(Node):
    """Another clip, by its alias, whose transparency or brightness cuts this one out."""

    mode: Literal["alpha", "alpha-inverted", "luma", "luma-inverted"]
    src: AliasSrc


class ClipCaptionFont(SnakeNode):
    """The letters of a clip's caption."""

    family: Name | None = None
    size: FontSize | None = None
    weight: Weight | None = None


class ClipCaptionWidth(SnakeNode):
    """How wide a caption's lines may be: in pixels, or in characters."""

    px: Pixels | None = None
    chars: Annotated[int, Field(ge=1, le=1000), WHOLE] | None = None


class ClipCaptionLayout(SnakeNode):
    """How a caption's text is broken into pages."""

    max_width: ClipCaptionWidth | None = None
    max_lines: Annotated[int, Field(ge=1, le=100), WHOLE] | None = None
    line_height_mult: Annotated[float, Field(gt=0, le=10), NUMBER] | None = None
    align: Horizontal | None = None


class ClipCaptionPlacement(SnakeNode):
    """Where a caption stands in the frame."""

    anchor: Position | None = None
    margin_px: Pixels | None = None


class ClipCaptionStyle(SnakeNode):
    """A caption's colours."""

    color: ColorText | None = None
    bg_color: ColorText | None = None
    padding_px: Pixels | None = None


class ClipCaptionTiming(SnakeNode):
    """How long each page is shown: all equally long, or at a reading speed."""

    mode: Literal["even", "wpm"] | None = None
    wpm: Annotated[float, Field(ge=1, le=2000), NUMBER] | None = None
    min_page_duration: Seconds | None = None


class ClipCaption(SnakeNode):
    """A text, broken into pages that are shown through the clip."""

    text: Annotated[str, Field(max_length=limits.CAPTION_MAX), WORD]
    lang: Name | None = None
    font: ClipCaptionFont | None = None
    layout: ClipCaptionLayout | None = None
    placement: ClipCaptionPlacement | None = None
    style: ClipCaptionStyle | None = None
    timing: ClipCaptionTiming | None = None
