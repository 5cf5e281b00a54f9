"""Shapes: one round rectangle, filled, and its stroke around it."""

import skia

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphic import Phase
from vidgenie.core.timeline.graphics.shape import ShapeContent
from vidgenie.engine.paint.raster import skia_color
from vidgenie.engine.pool import FramePool


class ShapeDrawing:
    """A rectangle, circle or line."""

    def __init__(self, content: ShapeContent) -> None:
        self._content = content

    @property
    def ink(self) -> Rect:
        """The shape with its stroke."""
        rect, spare = self._content.rect, self._content.stroke_px
        return Rect(
            rect.left - spare, rect.top - spare, rect.width + 2 * spare, rect.height + 2 * spare
        )

    def draw(self, canvas: "skia.Canvas") -> None:
        """Draw the fill, then the stroke with its inner edge on the fill's outline."""
        content = self._content
        rect = skia.Rect.MakeXYWH(
            content.rect.left, content.rect.top, content.rect.width, content.rect.height
        )
        fill = skia.Paint(Color=skia_color(content.fill), AntiAlias=True)
        canvas.drawRoundRect(rect, content.radius_px, content.radius_px, fill)
        if content.stroke is None:
            return
        half = content.stroke_px / 2
        rect.outset(half, half)
        radius = content.radius_px + half if content.radius_px else 0.0
        pen = skia.Paint(
            Color=skia_color(content.stroke),
            AntiAlias=True,
            Style=skia.Paint.kStroke_Style,
            StrokeWidth=content.stroke_px,
        )
        canvas.drawRoundRect(rect, radius, radius, pen)


def shape_drawing(content: ShapeContent, _: Phase, __: FramePool) -> ShapeDrawing:
    """Return a shape's drawing."""
    return ShapeDrawing(content)
