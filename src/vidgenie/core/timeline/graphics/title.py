"""From a `title` asset to lettering: ten styles, seven sizes.

A title's size is a fraction of the frame's shorter side, so that it looks alike at every resolution
and its words fit into an upright frame as well.
"""

from dataclasses import dataclass

from vidgenie.core.color import Color
from vidgenie.core.edit.model import Clip, Offset, TitleAsset
from vidgenie.core.geometry import ANCHORS
from vidgenie.core.timeline.curves import curve_of
from vidgenie.core.timeline.graphics.lettering import Edges, Lettering, Letters, Outline, Plate
from vidgenie.core.timeline.graphics.scene import Scene

SIZES = {
    "xx-small": 0.03,
    "x-small": 0.04,
    "small": 0.055,
    "medium": 0.075,
    "large": 0.1,
    "x-large": 0.135,
    "xx-large": 0.18,
}
"""Font sizes as fractions of the frame's shorter side: steps of about a third."""

MARGIN = 0.05
"""What is kept free at the frame's edges, as a fraction of its shorter side: title-safe."""


@dataclass(frozen=True, slots=True)
class TitleStyle:
    """How a style sets its letters; `size` and `spacing` count in the title's font size."""

    family: str
    weight: int = 400
    size: float = 1.0
    spacing: float = 0.0
    line_height: float = 1.15
    is_upper: bool = False
    edge: float = 0.0
    """Width of a dark line round the letters, in font sizes: for reading over anything."""


STYLES = {
    "minimal": TitleStyle("Montserrat", 500),
    "blockbuster": TitleStyle("MovLette", size=1.25, spacing=0.03, line_height=1.05, is_upper=True),
    "vogue": TitleStyle("Arapey", size=1.15, spacing=0.02, is_upper=True),
    "sketchy": TitleStyle("Sue Ellen Francisco", size=1.3),
    "skinny": TitleStyle("Oswald", 200, size=1.1, spacing=0.06, is_upper=True),
    "chunk": TitleStyle("Montserrat", 900, size=1.1, spacing=-0.01, line_height=1.0, is_upper=True),
    "chunkLight": TitleStyle("Montserrat", 300, size=1.1, line_height=1.05, is_upper=True),
    "marker": TitleStyle("Permanent Marker", size=1.05),
    "future": TitleStyle("Didact Gothic", size=0.9, spacing=0.22, is_upper=True),
    "subtitle": TitleStyle("Open Sans", 600, size=0.8, line_height=1.3, edge=0.05),
}


def from_title(clip: Clip, scene: Scene) -> Lettering:
    """Return a title's graphic: the whole frame, with the text at its `position` in it."""
    asset = clip.asset
    assert isinstance(asset, TitleAsset), asset
    frame = scene.frame
    style = STYLES[asset.style or "minimal"]
    side = min(frame.width, frame.height)
    size = SIZES[asset.size or "medium"] * side * style.size
    across, down = ANCHORS[asset.position or "center"]
    margin = MARGIN * side
    ground = None if asset.background is None else Color.parse(asset.background)
    return Lettering(
        text=asset.text.upper() if style.is_upper else asset.text,
        box=frame,
        letters=Letters(
            family=style.family,
            size_px=size,
            weight=style.weight,
            color=Color.parse(asset.color or "#ffffff"),
            line_height=style.line_height,
            letter_spacing_px=style.spacing * size,
        ),
        outline=Outline(style.edge * size, Color(0, 0, 0, 200)) if style.edge else None,
        plate=Plate(ground, 0.0, wraps=True, padding_px=size * 0.25),
        padding=Edges(margin, margin, margin, margin),
        horizontal="left" if across < 0.5 else "right" if across > 0.5 else "center",
        shift_blocks=_shift(asset.offset),
        keeps_words=True,
        vertical="top" if down < 0.5 else "bottom" if down > 0.5 else "center",
    )


def _shift(offset: Offset | None) -> tuple[float, float]:
    """Return how far an offset moves the text within the frame, in its own widths and heights.

    "For all assets except titles", says the vendor's schema of `offset`, it counts frames; its own
    examples push subtitles at the bottom down by 0.4, which fractions of the frame would take off
    it. A title stands still within its box: of a moving offset its begin is taken, and the clip's
    own `offset` moves the whole.
    """
    if offset is None:
        return 0.0, 0.0
    x, y = (curve_of(value, 0.0).value_at(0.0) for value in (offset.x, offset.y))
    return x, -y
