"""From a `shape` asset to a rectangle, a circle or a line in the middle of its box."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from vidgenie.core.color import Color
from vidgenie.core.geometry import Rect, Size
from vidgenie.core.timeline.graphic import Graphic

if TYPE_CHECKING:
    from vidgenie.core.edit.model import Clip, ShapeAsset
    from vidgenie.core.timeline.graphics.scene import Scene

WHITE = Color(255, 255, 255)


@dataclass(frozen=True, slots=True)
class ShapeContent(Graphic):
    """A rectangle with round corners: a circle is one whose radius is half its side.

    The stroke runs around it, outside, as the vendor's preview draws it: it may leave the box.
    """

    kind: ClassVar[str] = "shape"

    box: Size
    rect: Rect
    radius_px: float
    fill: Color
    stroke: Color | None = None
    stroke_px: float = 0.0


def from_shape(clip: "Clip", scene: "Scene") -> ShapeContent:
    """Return a shape asset's graphic."""
    # Here: who paints the content, in a child, reads no document.
    from vidgenie.core.edit.model import ShapeAsset

    asset = clip.asset
    assert isinstance(asset, ShapeAsset), asset
    box = scene.box(clip, asset.width, asset.height)
    width, height, radius = _measures(asset)
    fill, stroke = asset.fill, asset.stroke
    color = Color.parse(fill.color) if fill and fill.color else WHITE
    if fill and fill.opacity is not None:
        color = color.faded(fill.opacity)
    has_stroke = stroke is not None and stroke.width != 0
    return ShapeContent(
        box=box,
        rect=Rect((box.width - width) / 2, (box.height - height) / 2, width, height),
        radius_px=min(radius, width / 2, height / 2),
        fill=color,
        stroke=Color.parse((stroke.color if stroke else None) or "#000000") if has_stroke else None,
        stroke_px=((stroke.width if stroke else None) or 1.0) if has_stroke else 0.0,
    )


def _measures(asset: "ShapeAsset") -> tuple[float, float, float]:
    """Return width, height and corner radius."""
    if asset.shape == "circle":
        assert asset.circle is not None, asset  # core/edit/rules.py asks for it
        side = 2 * asset.circle.radius
        return side, side, side / 2
    if asset.shape == "line":
        assert asset.line is not None, asset
        return asset.line.length, asset.line.thickness, 0.0
    assert asset.rectangle is not None, asset
    rectangle = asset.rectangle
    return rectangle.width, rectangle.height, rectangle.corner_radius or 0.0
