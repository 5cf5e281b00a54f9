"""Lettering: a text with all that its picture depends on: what text assets and titles become.

Lengths are pixels of its box.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from vidgenie.core.color import Color
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.graphic import Graphic, Phase
from vidgenie.core.timeline.graphics.appearing import Appearing

WHITE = Color(255, 255, 255)


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters themselves. `source` names the edit's own font that has them, if one does."""

    family: str = "Open Sans"
    size_px: float = 32.0
    weight: int = 400
    is_italic: bool = False
    color: Color = field(default_factory=lambda: WHITE)
    line_height: float = 1.2
    letter_spacing_px: float = 0.0
    word_spacing_px: float = 0.0
    decoration: Literal["none", "underline", "line-through"] = "none"
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """A line round something, `width_px` of it outside."""

    width_px: float
    color: Color


@dataclass(frozen=True, slots=True)
class Shadow:
    """A shadow; `blur_px` as in CSS: twice its standard deviation."""

    x_px: float
    y_px: float
    blur_px: float
    color: Color


@dataclass(frozen=True, slots=True)
class Gradient:
    """Colours across the text's lines: at 0° from left to right, clockwise from there."""

    kind: Literal["linear", "radial"]
    angle: float
    stops: tuple[tuple[float, Color], ...]


@dataclass(frozen=True, slots=True)
class Plate:
    """The ground behind a text: its box, or, where it `wraps`, its lines and `padding_px`."""

    color: Color | None = None
    radius_px: float = 0.0
    wraps: bool = False
    padding_px: float = 0.0
    border: Outline | None = None


@dataclass(frozen=True, slots=True)
class Edges:
    """What is kept free within the box."""

    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0


@dataclass(frozen=True, slots=True)
class Lettering(Graphic):
    """A text in a box; what does not fit into the box is cut off.

    `shift` moves the text within it, to the right and downwards; `shift_blocks` does so by the
    width and height of the text with its plate. Where it `keeps_words`, letters are made smaller
    rather than a word torn.
    """

    kind: ClassVar[str] = "text"

    text: str
    box: Size
    letters: Letters = Letters()  # frozen
    outline: Outline | None = None
    shadow: Shadow | None = None
    gradient: Gradient | None = None
    highlight: Color | None = None
    plate: Plate = Plate()  # frozen
    padding: Edges = Edges()  # frozen
    horizontal: Literal["left", "center", "right"] = "center"
    vertical: Literal["top", "center", "bottom"] = "center"
    shift: tuple[float, float] = (0.0, 0.0)
    shift_blocks: tuple[float, float] = (0.0, 0.0)
    keeps_words: bool = False
    ellipsis: str | None = None
    appearing: Appearing | None = None

    @property
    def boundaries(self) -> tuple[float, ...]:
        """When it is all there."""
        return () if self.appearing is None else (self.appearing.duration_s,)

    def phase_at(self, seconds: float) -> Phase:
        """Return how far it has appeared."""
        return () if self.appearing is None else self.appearing.phase_at(seconds, self.text)
