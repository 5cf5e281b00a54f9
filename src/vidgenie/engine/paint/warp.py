"""Pictures placed by any map, on their planes: zooms, pans and turns without a detour over RGB.

Each plane is resampled bilinearly at its own resolution; a picture that is shown much smaller than
it is comes from a copy shrunk by halves, so that a bilinear sample leaves no pixel out. Only opaque
pictures go this way: colours under transparent pixels would bleed into the visible ones.
"""

from dataclasses import dataclass
from math import floor

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from vidgenie.core.geometry import Affine, Rect, Size
from vidgenie.core.timeline.model import FrameOf, ImageContent, Layer
from vidgenie.engine.pool import FramePool, Plane, Planes

SHRUNK_FROM = 0.5
"""Below this scale a picture is sampled from a smaller copy."""

HALVINGS_MAX = 6
"""A picture shown at less than 1/64 is a dot."""

_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


@dataclass(frozen=True, slots=True)
class Warped:
    """A part of a frame, to be laid at an even place.

    `cover` says how much of each pixel it covers, 0..255; None where it covers all. Shapes: planes
    of one even size, cover (height, width).
    """

    planes: Planes
    left: int
    top: int
    cover: Plane | None


def warp(layer: Layer, pool: FramePool, frame: Size) -> Warped | None:
    """Place a picture on a frame; None where none of it is on it."""
    drawable = layer.drawable
    assert isinstance(drawable, FrameOf | ImageContent), drawable
    left, top, right, bottom = layer.bounds.pixels(frame)
    if right <= left or bottom <= top:
        return None
    facts = pool.facts(drawable.asset)
    halvings = _halvings(layer.matrix)
    stored = Size(*(_even(side, halvings) for side in (facts.width, facts.height)))
    index = drawable.index if isinstance(drawable, FrameOf) else 0
    shown = Rect(0.0, 0.0, float(facts.width), float(facts.height))
    planes = pool.planes(drawable.asset, index, shown, stored)
    # From the shown picture's pixels to the stored copy's.
    store = Affine.scaling(stored.width / facts.width, stored.height / facts.height)
    back = Affine.translation(left, top).then(layer.matrix.inverse()).then(store)
    part = store.bounds(layer.source)
    size = Size(right - left, bottom - top)
    half = Size(size.width // 2, size.height // 2)
    grow, shrink = Affine.scaling(2, 2), Affine.scaling(0.5, 0.5)
    half_back, half_part = grow.then(back).then(shrink), shrink.bounds(part)
    made = Planes(
        _sampled(planes.y, back, part, size),
        _sampled(planes.u, half_back, half_part, half),
        _sampled(planes.v, half_back, half_part, half),
    )
    return Warped(made, left, top, _cover(layer, Rect(left, top, size.width, size.height)))


def _halvings(matrix: Affine) -> int:
    scale = min((matrix.a**2 + matrix.b**2) ** 0.5, (matrix.c**2 + matrix.d**2) ** 0.5)
    count = 0
    while scale < SHRUNK_FROM and count < HALVINGS_MAX:
        scale, count = scale * 2, count + 1
    return count


def _even(side: int, halvings: int) -> int:
    """Return a side, halved so often, rounded up to an even number."""
    return max(2, -(-side // (2 << halvings)) * 2)


def _sampled(plane: Plane, back: Affine, part: Rect, size: Size) -> Plane:
    """Resample a plane; beyond the edge of `part` its last pixels go on."""
    left, top = max(0, floor(part.left + 1e-6)), max(0, floor(part.top + 1e-6))
    right = min(plane.shape[1], -floor(1e-6 - part.right))
    bottom = min(plane.shape[0], -floor(1e-6 - part.bottom))
    cut = plane[top : max(bottom, top + 1), left : max(right, left + 1)]
    # Pixel i has its centre at i + 0.5, in the target and in the plane.
    matrix = np.array(
        [
            [back.a, back.c, back.e + (back.a + back.c) / 2 - 0.5 - left],
            [back.b, back.d, back.f + (back.b + back.d) / 2 - 0.5 - top],
        ]
    )
    target = (size.width, size.height)
    made = cv2.warpAffine(cut, matrix, target, flags=_FLAGS, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made)


def _cover(layer: Layer, box: Rect) -> Plane | None:
    """Return how much of each pixel of a box a layer covers; None where it covers all of them."""
    if layer.matrix.is_upright and layer.bounds.covers(box, slack=1e-3):
        return None
    if layer.matrix.is_upright:
        across = _share(layer.bounds.left, layer.bounds.right, box.left, round(box.width))
        down = _share(layer.bounds.top, layer.bounds.bottom, box.top, round(box.height))
        return np.rint(np.outer(down, across) * 255).astype(np.uint8)
    made = np.zeros((round(box.height), round(box.width)), np.uint8)
    canvas = skia.Canvas(made, colorType=skia.kAlpha_8_ColorType, alphaType=skia.kPremul_AlphaType)
    m = layer.matrix
    canvas.translate(-box.left, -box.top)
    canvas.concat(skia.Matrix.MakeAll(m.a, m.c, m.e, m.b, m.d, m.f, 0, 0, 1))
    part = layer.source
    shape = skia.Rect.MakeLTRB(part.left, part.top, part.right, part.bottom)
    canvas.drawRect(shape, skia.Paint(AntiAlias=True))
    return made


def _share(start: float, stop: float, first: float, count: int) -> NDArray[np.float64]:
    """Return how much of each of `count` pixels from `first` on lies between two edges."""
    pixels = first + np.arange(count)
    share = np.minimum(pixels + 1, stop) - np.maximum(pixels, start)
    return np.asarray(np.clip(share, 0.0, 1.0), np.float64)
