"""Tiles: a layer's own box of pixels in YUV with alpha, ready to be blended.

Premultiplied throughout: for a pixel of colour c and alpha a the tile holds a·Y(c) and a. Y, U and
V are linear in the premultiplied colour and in a (Y = 16a + …, U = 128a + …), so neither a division
nor a second rounding is needed, and averaging two by two pixels for the chroma planes is exact.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from math import floor

import cv2
import numpy as np
from numpy.typing import NDArray

from vidgenie.core.geometry import Affine, Rect, Size
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.model import Layer
from vidgenie.engine.paint.drawing import drawing_of
from vidgenie.engine.paint.raster import canvas_on, draw_layer
from vidgenie.engine.pool import FramePool, Plane

Fixed = NDArray[np.uint16]
"""8.8 fixed point: 256 is one step of 8 bits."""

TILES_KEPT = 64
"""Tiles kept: still logos and titles are drawn once for many frames."""

UNCUT_AREA = 1.5
"""Tiles larger than so many frames are cut at the frame's edge, and drawn anew when they move."""

# BT.709 limited range, rows Y U V, columns B G R A of a premultiplied pixel (ITU-R BT.709-6).
_TO_YUV = np.array(
    [
        [0.0722 * 219 / 255, 0.7152 * 219 / 255, 0.2126 * 219 / 255, 16 / 255],
        [0.5 * 224 / 255, -0.385428 * 224 / 255, -0.114572 * 224 / 255, 128 / 255],
        [-0.045847 * 224 / 255, -0.454153 * 224 / 255, 0.5 * 224 / 255, 128 / 255],
    ],
    np.float32,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """Premultiplied Y, U and V in 8.8 fixed point and what shows through, 0..256.

    Shapes: y and through (h, w), u, v and through_half (h / 2, w / 2). `left` and `top` are even.
    """

    left: int
    top: int
    y: Fixed
    u: Fixed
    v: Fixed
    through: Fixed
    through_half: Fixed

    def faded(self, opacity: float) -> "Tile":
        """Return the tile at an opacity."""
        if opacity >= 1:
            return self
        share = np.float32(opacity)

        def weaker(plane: Fixed) -> Fixed:
            return (plane * share + np.float32(0.5)).astype(np.uint16)

        def clearer(plane: Fixed) -> Fixed:
            return (256 - (256 - plane) * share + np.float32(0.5)).astype(np.uint16)

        return replace(
            self,
            y=weaker(self.y),
            u=weaker(self.u),
            v=weaker(self.v),
            through=clearer(self.through),
            through_half=clearer(self.through_half),
        )


class TileMaker:
    """Draws tiles, and keeps those that may be wanted again."""

    def __init__(self, pool: FramePool, frame: Size) -> None:
        self._pool = pool
        self._frame = frame
        self._kept: OrderedDict[object, Tile | None] = OrderedDict()
        self.drawn = 0

    def tile(self, layer: Layer) -> Tile | None:
        """Return a layer's tile at its opacity; None where nothing of it can show.

        A drawable that only moved by whole even pixels is not drawn again.
        """
        bounds = layer.matrix.bounds(_inked(layer, self._pool))
        if bounds.width <= 0 or bounds.height <= 0:
            return None
        if bounds.width * bounds.height > UNCUT_AREA * self._frame.area:
            key: object = replace(layer, clip="", opacity=1.0)
            made = self._kept_or_drawn(key, layer, bounds.pixels(self._frame))
            return None if made is None else made.faded(layer.opacity)
        shift_x, shift_y = floor(layer.matrix.e / 2) * 2, floor(layer.matrix.f / 2) * 2
        near = _moved(layer, Affine.translation(-shift_x, -shift_y))
        key = replace(near, clip="", opacity=1.0)
        box = _even_box(near.matrix.bounds(_inked(layer, self._pool)))
        made = self._kept_or_drawn(key, near, box)
        if made is None:
            return None
        moved = replace(made, left=made.left + shift_x, top=made.top + shift_y)
        return moved.faded(layer.opacity)

    def _kept_or_drawn(
        self, key: object, layer: Layer, box: tuple[int, int, int, int]
    ) -> Tile | None:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._drawn(layer, box)
        self._kept[key] = made
        while len(self._kept) > TILES_KEPT:
            self._kept.popitem(last=False)
        return made

    def _drawn(self, layer: Layer, box: tuple[int, int, int, int]) -> Tile | None:
        left, top, right, bottom = box
        if right <= left or bottom <= top:
            return None
        self.drawn += 1
        pixels = np.zeros((bottom - top, right - left, 4), np.uint8)
        canvas = canvas_on(pixels)
        canvas.translate(-left, -top)
        draw_layer(canvas, layer, self._pool, opacity=1.0)
        del canvas
        return tile_of(pixels, left, top)


def _moved(layer: Layer, move: Affine) -> Layer:
    """Return a layer moved together with what masks it."""
    moved = replace(layer, matrix=layer.matrix.then(move))
    if not layer.looks.masks:
        return moved
    masks = tuple(
        replace(mask, layer=_moved(mask.layer, move), hem=mask.hem and mask.hem.then(move))
        for mask in layer.looks.masks
    )
    return replace(moved, looks=replace(layer.looks, masks=masks))


def _inked(layer: Layer, pool: FramePool) -> Rect:
    """Return the part of a layer's source that has ink: a text's box is mostly empty.

    Blurred, it has ink all over.
    """
    if not isinstance(layer.drawable, Posed) or layer.looks.filter == "blur":
        return layer.source
    return drawing_of(layer.drawable, pool).ink


def _even_box(bounds: Rect) -> tuple[int, int, int, int]:
    left, top = floor(bounds.left / 2) * 2, floor(bounds.top / 2) * 2
    right, bottom = -floor(-bounds.right / 2) * 2, -floor(-bounds.bottom / 2) * 2
    return left, top, right, bottom


def tile_of(pixels: Plane, left: int, top: int) -> Tile:
    """Convert a premultiplied raster. Shapes: (h, w, 4) BGRA, both sides even."""
    exact = pixels.astype(np.float32)
    size = (pixels.shape[1] // 2, pixels.shape[0] // 2)
    half = np.asarray(cv2.resize(exact, size, interpolation=cv2.INTER_AREA), np.float32)
    luma = np.asarray(cv2.transform(exact, _TO_YUV[:1] * 256), np.float32)
    chroma = np.asarray(cv2.transform(half, _TO_YUV[1:] * 256), np.float32)
    return Tile(
        left=left,
        top=top,
        y=_fixed(luma.reshape(pixels.shape[:2])),
        u=_fixed(chroma[..., 0]),
        v=_fixed(chroma[..., 1]),
        through=_fixed(256 - exact[..., 3] * np.float32(256 / 255)),
        through_half=_fixed(256 - half[..., 3] * np.float32(256 / 255)),
    )


def _fixed(values: NDArray[np.float32]) -> Fixed:
    made: Fixed = np.clip(values + np.float32(0.5), 0, 65_280).astype(np.uint16)
    return made
