"""The recipes `box` and `mix`: what is below, and each other layer blended within its own box."""

from collections.abc import Sequence
from dataclasses import replace

from vidgenie.core.color import Color
from vidgenie.core.geometry import Rect, Size
from vidgenie.core.timeline.layers import can_copy, can_warp, hides_all_below, is_planar
from vidgenie.core.timeline.model import FrameOf, ImageContent, Layer, Picture
from vidgenie.engine.paint.canvas import YuvCanvas, solid
from vidgenie.engine.paint.cover import lay
from vidgenie.engine.paint.grade import filter_planes
from vidgenie.engine.paint.raster import paint_picture
from vidgenie.engine.paint.tile import TileMaker
from vidgenie.engine.paint.warp import Warped, warp
from vidgenie.engine.pool import FramePool, Planes


class BoxPainter:
    """Paints the frames of one span; its first `static` layers are painted once."""

    def __init__(self, pool: FramePool, tiles: TileMaker, size: Size, background: Color) -> None:
        self._pool = pool
        self._tiles = tiles
        self._size = size
        self._background = background
        self._plate: tuple[tuple[Layer, ...], Planes] | None = None

    def paint(self, layers: Sequence[Layer], static: int) -> Planes:
        """Paint a frame of layers, bottom first; only static ones may blend otherwise than over."""
        head, rest = tuple(layers[:static]), layers[static:]
        base = self._base(rest[0]) if rest and not head else None
        if base is not None and len(rest) == 1:
            return base
        canvas = YuvCanvas(self._plate_of(head) if base is None else base)
        for layer in rest if base is None else rest[1:]:
            self._add(canvas, layer)
        return canvas.planes

    def _base(self, layer: Layer) -> Planes | None:
        """Return the planes of a picture that fills the frame: nothing below it is painted."""
        if not hides_all_below(layer, Rect.of(self._size)):
            return None
        if not (can_copy(layer) or can_warp(layer)):
            return None
        placed = self._placed(layer)
        if placed is None or placed.cover is not None:
            return None
        covers = (placed.left, placed.top, placed.planes.size) == (0, 0, self._size)
        return placed.planes if covers else None

    def _plate_of(self, head: tuple[Layer, ...]) -> Planes:
        if self._plate is None or self._plate[0] != head:
            blends = any(layer.looks.blend != "normal" for layer in head)
            if blends or (head and all(even_box(layer) is None for layer in head)):
                made = paint_picture(Picture(self._size, self._background, head), self._pool)
            else:
                canvas = YuvCanvas(solid(self._size, self._background))
                for layer in head:
                    self._add(canvas, layer)
                made = canvas.planes
            self._plate = (head, made)
        return self._plate[1]

    def _add(self, canvas: YuvCanvas, layer: Layer) -> None:
        box = even_box(layer)
        if can_copy(layer) or can_warp(layer):
            placed = self._placed(layer)
            if placed is not None:
                lay(canvas, layer, placed, self._placed)
            return
        if box is None:
            tile = self._tiles.tile(layer)
            if tile is not None:
                canvas.blend(tile)
            return
        canvas.mix(self._copied(layer, box), box[0], box[1], layer.opacity)

    def _placed(self, layer: Layer) -> Warped | None:
        """Return an opaque picture's planes at its place, filtered: copied, or else resampled."""
        box = even_box(layer)
        if box is not None:
            return Warped(self._copied(layer, box), box[0], box[1], None)
        made = warp(layer, self._pool, self._size)
        return None if made is None else replace(made, planes=filtered(layer, made.planes))

    def _copied(self, layer: Layer, box: tuple[int, int, int, int]) -> Planes:
        left, top, right, bottom = box
        drawable = layer.drawable
        assert isinstance(drawable, FrameOf | ImageContent), drawable
        index = drawable.index if isinstance(drawable, FrameOf) else 0
        size = Size(right - left, bottom - top)
        return filtered(layer, self._pool.planes(drawable.asset, index, layer.source, size))


def filtered(layer: Layer, planes: Planes) -> Planes:
    """Return a layer's planes through its filter, if it has one."""
    name = layer.looks.filter
    return planes if name is None else filter_planes(planes, name, layer.source)


def even_box(layer: Layer) -> tuple[int, int, int, int] | None:
    """Return (left, top, right, bottom) of media that lies on whole even pixels, else None."""
    if not isinstance(layer.drawable, FrameOf | ImageContent) or not layer.matrix.is_upright:
        return None
    is_masked = layer.looks.wipes or layer.looks.masks
    if not (can_copy(layer) or (is_planar(layer) and not is_masked)):
        return None
    bounds = layer.bounds
    edges = []
    for edge in (bounds.left, bounds.top, bounds.right, bounds.bottom):
        if abs(edge / 2 - round(edge / 2)) > 1e-6:
            return None
        edges.append(round(edge / 2) * 2)
    left, top, right, bottom = edges
    return (left, top, right, bottom) if right > left and bottom > top else None
