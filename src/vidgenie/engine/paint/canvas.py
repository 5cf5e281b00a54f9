"""A frame in YUV 4:2:0 that layers are blended onto, each only within its own box."""

import cv2
import numpy as np

from vidgenie.core.color import Color
from vidgenie.core.geometry import Size
from vidgenie.engine.paint.tile import Fixed, Tile
from vidgenie.engine.pool import Plane, Planes


class YuvCanvas:
    """Planes that may be written to."""

    def __init__(self, planes: Planes) -> None:
        """Take over a copy of `planes`."""
        self.planes = Planes(planes.y.copy(), planes.u.copy(), planes.v.copy())

    def put(self, planes: Planes, left: int, top: int) -> None:
        """Copy an opaque picture to an even place; what lies outside is cut off."""
        assert planes.a is None
        for target, source, scale in self._pairs(planes):
            cut = overlap(target.shape, source.shape, left // scale, top // scale)
            if cut is not None:
                target[cut[0]] = source[cut[1]]

    def mix(self, planes: Planes, left: int, top: int, opacity: float) -> None:
        """Blend a picture, with its alpha if it has one, over an even place."""
        cover = planes.a
        for target, source, scale in self._pairs(planes):
            weight = None if cover is None else (cover if scale == 1 else _halved(cover))
            _mix(target, source, weight, opacity=opacity, at=(left // scale, top // scale))

    def blend(self, tile: Tile) -> None:
        """Blend a tile over its place; what lies outside the frame is cut off."""
        half_left, half_top = tile.left // 2, tile.top // 2
        _blend(self.planes.y, tile.y, tile.through, tile.left, tile.top)
        _blend(self.planes.u, tile.u, tile.through_half, half_left, half_top)
        _blend(self.planes.v, tile.v, tile.through_half, half_left, half_top)

    def _pairs(self, planes: Planes) -> tuple[tuple[Plane, Plane, int], ...]:
        return (
            (self.planes.y, planes.y, 1),
            (self.planes.u, planes.u, 2),
            (self.planes.v, planes.v, 2),
        )


Cut = tuple[tuple[slice, slice], tuple[slice, slice]]


def overlap(target: tuple[int, ...], source: tuple[int, ...], left: int, top: int) -> Cut | None:
    """Return where a box meets a plane, in the plane's and in the box's own pixels."""
    first_y, last_y = max(0, top), min(target[0], top + source[0])
    first_x, last_x = max(0, left), min(target[1], left + source[1])
    if first_y >= last_y or first_x >= last_x:
        return None
    return (
        (slice(first_y, last_y), slice(first_x, last_x)),
        (slice(first_y - top, last_y - top), slice(first_x - left, last_x - left)),
    )


def _mix(
    plane: Plane, over: Plane, cover: Plane | None, *, opacity: float, at: tuple[int, int]
) -> None:
    """plane += (over - plane) · opacity · cover, within the box at (left, top)."""
    cut = overlap(plane.shape, over.shape, *at)
    if cut is None:
        return
    under, source = plane[cut[0]], over[cut[1]]
    if cover is None:
        plane[cut[0]] = cv2.addWeighted(under, 1 - opacity, source, opacity, 0)
        return
    weight = cover[cut[1]] * np.float32(opacity / 255)
    plane[cut[0]] = cv2.blendLinear(source, under, weight, 1 - weight)


def _halved(cover: Plane) -> Plane:
    """Return the mean of two by two pixels, as chroma has it."""
    size = (cover.shape[1] // 2, cover.shape[0] // 2)
    return np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_AREA))


def _blend(plane: Plane, over: Fixed, through: Fixed, left: int, top: int) -> None:
    """out = over + plane · through, in 8.8 fixed point; 255 · 256 + 128 fits into 16 bits."""
    cut = overlap(plane.shape, over.shape, left, top)
    if cut is None:
        return
    sums = plane[cut[0]] * through[cut[1]]
    sums += over[cut[1]]
    np.minimum(sums, 65_280, out=sums)
    sums += 128
    plane[cut[0]] = sums >> 8


def solid(size: Size, color: Color) -> Planes:
    """Return a frame of one opaque colour."""
    r, g, b = color.r / 255, color.g / 255, color.b / 255
    luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
    y = round(16 + 219 * luma)
    u = round(128 + 224 * (b - luma) / 1.8556)
    v = round(128 + 224 * (r - luma) / 1.5748)
    half = (size.height // 2, size.width // 2)
    return Planes(
        np.full((size.height, size.width), y, np.uint8),
        np.full(half, u, np.uint8),
        np.full(half, v, np.uint8),
    )
