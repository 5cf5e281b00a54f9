"""Compositions: a picture painted within a picture, on a surface of its own."""

import skia

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphic import Phase
from vidgenie.core.timeline.graphics.composition import CompositionContent
from vidgenie.engine.paint.looks import skia_rect
from vidgenie.engine.paint.raster import draw_layer, skia_color
from vidgenie.engine.pool import FramePool


class CompositionDrawing:
    """One picture of a composition."""

    def __init__(self, content: CompositionContent, phase: Phase, pool: FramePool) -> None:
        self._part = content.part
        self._picture = content.picture(phase)
        self._pool = pool

    @property
    def ink(self) -> Rect:
        """What is shown of its box."""
        return self._part

    def draw(self, canvas: "skia.Canvas") -> None:
        """Draw its layers on a clear surface, and lay that down: blends stay within it."""
        part = skia_rect(self._part)
        canvas.save()
        canvas.clipRect(part, skia.ClipOp.kIntersect, True)
        canvas.saveLayer(part, None)
        canvas.drawColor(skia_color(self._picture.background))
        for layer in self._picture.layers:
            draw_layer(canvas, layer, self._pool)
        canvas.restore()
        canvas.restore()


def composition_drawing(
    content: CompositionContent, phase: Phase, pool: FramePool
) -> CompositionDrawing:
    """Return a composition's drawing."""
    return CompositionDrawing(content, phase, pool)
