"""What an element looks like once all rules are applied: its computed style."""

from dataclasses import dataclass, field

from vidgenie.core.color import Color
from vidgenie.engine.lettering.shelf import FontChoice
from vidgenie.engine.paint.html.values import CLEAR, Length

Sides = tuple[Length, Length, Length, Length]
Widths = tuple[float, float, float, float]
"""Top, right, bottom, left, as everywhere in CSS."""

BLACK = Color(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Shadow:
    """A text's or a box's shadow, in pixels."""

    x: float
    y: float
    blur: float
    color: Color


@dataclass(frozen=True, slots=True)
class Gradient:
    """A linear gradient: its angle clockwise from upwards, colours and their places (None: even).

    `corner` is (x, y) of -1, 0, 1 for `to top left` and its like, which depend on the box.
    """

    angle: float
    corner: tuple[int, int] | None
    stops: tuple[tuple[Color, Length], ...]


@dataclass(frozen=True, slots=True)
class Decoration:
    """A line under, over or through a text, and the size of the font that sets its place."""

    line: str
    color: Color
    style: str = "solid"


@dataclass(slots=True)
class Style:
    """Computed values; lengths in pixels. The defaults are CSS's initial values.

    `font` is what `font_family` and its like come to. `line_height` is None for `normal`, a
    negative number -n for n times the font's size (so that it is inherited as a factor), else
    pixels.
    """

    display: str = "inline"
    font: FontChoice = FontChoice()  # noqa: RUF009  # frozen
    color: Color = BLACK
    font_family: tuple[str, ...] = ("Open Sans",)
    font_size: float = 16.0
    font_weight: int = 400
    font_style: str = "normal"
    font_variant: str = "normal"
    text_align: str = "start"
    text_transform: str = "none"
    text_indent: Length = 0.0
    text_shadow: tuple[Shadow, ...] = ()
    letter_spacing: float = 0.0
    word_spacing: float = 0.0
    line_height: float | None = None
    white_space: str = "normal"
    overflow_wrap: str = "normal"
    visibility: str = "visible"
    list_style_type: str = "disc"
    border_spacing: float = 0.0
    border_collapse: str = "separate"
    text_decoration: tuple[Decoration, ...] = ()
    vertical_align: str | Length = "baseline"
    background_color: Color = CLEAR
    background_image: Gradient | None = None
    margin: Sides = (0.0, 0.0, 0.0, 0.0)
    padding: Sides = (0.0, 0.0, 0.0, 0.0)
    border_width: Widths = (3.0, 3.0, 3.0, 3.0)
    border_style: tuple[str, str, str, str] = ("none", "none", "none", "none")
    border_color: tuple[Color | None, ...] = (None, None, None, None)
    border_radius: Sides = (0.0, 0.0, 0.0, 0.0)
    box_shadow: tuple[Shadow, ...] = ()
    width: Length = None
    height: Length = None
    min_width: Length = 0.0
    min_height: Length = 0.0
    max_width: Length = None
    max_height: Length = None
    box_sizing: str = "content-box"
    opacity: float = 1.0
    floats: str = "none"
    overflow: str = "visible"
    flex_direction: str = "row"
    justify_content: str = "start"
    align_items: str = "stretch"
    gap: float = 0.0
    flex_grow: float = 0.0
    attributes: dict[str, str] = field(default_factory=dict)
    """Attributes that layout itself asks: `colspan`, `rowspan`, `start`, `value`, `type`."""

    @property
    def borders(self) -> Widths:
        """Widths of the borders that are drawn."""
        pairs = zip(self.border_width, self.border_style, strict=True)
        top, right, bottom, left = (0.0 if s in ("none", "hidden") else w for w, s in pairs)
        return top, right, bottom, left

    @property
    def keeps_blanks(self) -> bool:
        """Blanks are not collapsed."""
        return self.white_space in ("pre", "pre-wrap", "break-spaces")

    @property
    def keeps_lines(self) -> bool:
        """Line feeds break lines."""
        return self.white_space in ("pre", "pre-wrap", "break-spaces", "pre-line")

    @property
    def wraps(self) -> bool:
        """Lines are broken where they are too long."""
        return self.white_space not in ("nowrap", "pre")


INHERITED = (
    "font",
    "color",
    "font_family",
    "font_size",
    "font_weight",
    "font_style",
    "font_variant",
    "text_align",
    "text_transform",
    "text_indent",
    "text_shadow",
    "letter_spacing",
    "word_spacing",
    "line_height",
    "white_space",
    "overflow_wrap",
    "visibility",
    "list_style_type",
    "border_spacing",
    "border_collapse",
)
"""What an element takes from its parent when nothing is said."""


def inherited(parent: Style) -> Style:
    """Return the style of an element of which nothing is said."""
    style = Style(**{name: getattr(parent, name) for name in INHERITED})
    style.text_decoration = parent.text_decoration
    return style
