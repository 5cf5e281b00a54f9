"""How much of a picture shows, as planes of weights: what wipes and luma mattes leave of it.

A wipe across an upright picture weighs whole columns: those it shows are copied, those it hides are
left alone, only those of its edge are blended.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from vidgenie.core.timeline.looks import Mask, Wipe
from vidgenie.core.timeline.model import Layer
from vidgenie.engine.paint.canvas import YuvCanvas, overlap
from vidgenie.engine.paint.warp import Warped
from vidgenie.engine.pool import Plane, Planes

LIGHT: Plane = np.asarray(np.clip(np.rint((np.arange(256) - 16) * 255 / 219), 0, 255), np.uint8)
"""What weight each luma code is (BT.709 limited)."""

Shares = NDArray[np.floating]

Place = Callable[[Layer], Warped | None]
"""Places a picture on the frame."""


def lay(canvas: YuvCanvas, layer: Layer, placed: Warped, place: Place) -> None:
    """Lay a placed picture on a canvas, as far as its wipes, masks and opacity let it show."""
    cover = placed.cover
    for mask in layer.looks.masks:
        cover = _times(cover, _shown_by(mask, placed, place))
    columns = _columns(layer, placed)
    if columns is None:
        _lay(canvas, placed.planes, cover, opacity=layer.opacity, at=(placed.left, placed.top))
        return
    for start, stop, is_whole in _bands(columns):
        band = _cut(placed.planes, start, stop)
        part = None if cover is None else cover[:, start:stop]
        if not is_whole:
            weights = np.broadcast_to(columns[start:stop], band.y.shape)
            part = _times(part, np.ascontiguousarray(weights))
        at = (placed.left + start, placed.top)
        _lay(canvas, band, part, opacity=layer.opacity, at=at)


def _lay(
    canvas: YuvCanvas, planes: Planes, cover: Plane | None, *, opacity: float, at: tuple[int, int]
) -> None:
    if cover is None and opacity >= 1:
        canvas.put(planes, *at)
    else:
        canvas.mix(Planes(planes.y, planes.u, planes.v, cover), *at, opacity)


def _times(one: Plane | None, other: Plane) -> Plane:
    return other if one is None else np.asarray(cv2.multiply(one, other, scale=1 / 255), np.uint8)


def _shown_by(mask: Mask, placed: Warped, place: Place) -> Plane:
    """Return the weights that a mask's light gives to a placed picture's pixels."""
    light = np.zeros(placed.planes.y.shape, np.uint8)
    if mask.hem is not None and mask.layer.opacity >= 1:
        _shine(light, replace(mask.layer, matrix=mask.hem), placed, place)
    _shine(light, mask.layer, placed, place)
    if mask.layer.opacity < 1:
        light = np.asarray(cv2.convertScaleAbs(light, None, mask.layer.opacity), np.uint8)
    return np.asarray(cv2.bitwise_not(light)) if mask.kind.endswith("inverted") else light


def _shine(light: Plane, layer: Layer, placed: Warped, place: Place) -> None:
    """Lay a mask's light over what is there, in place."""
    over = place(layer)
    cut = over and overlap(
        light.shape, over.planes.y.shape, over.left - placed.left, over.top - placed.top
    )
    if not over or not cut:
        return
    shown = np.asarray(cv2.LUT(np.ascontiguousarray(over.planes.y[cut[1]]), LIGHT), np.uint8)
    if over.cover is not None:
        cover = np.ascontiguousarray(over.cover[cut[1]])
        below = _times(np.ascontiguousarray(light[cut[0]]), np.asarray(cv2.bitwise_not(cover)))
        shown = np.asarray(cv2.add(_times(shown, cover), below), np.uint8)
    light[cut[0]] = shown


def _columns(layer: Layer, placed: Warped) -> Plane | None:
    """Return how much the wipes of an upright picture show of each of its columns, 0..255."""
    if not layer.looks.wipes:
        return None
    back, part = layer.matrix.inverse(), layer.source
    centers = placed.left + np.arange(placed.planes.y.shape[1]) + 0.5
    across = (back.a * centers + back.e - part.left) / part.width
    shown = np.ones(len(across))
    for wipe in layer.looks.wipes:
        distance = across if wipe.is_from_left else 1 - across
        shown *= _wiped(wipe, distance, pixel=abs(back.a) / part.width)
    return np.rint(shown * 255).astype(np.uint8)


def _wiped(wipe: Wipe, distance: Shares, *, pixel: float) -> Shares:
    """Return what shows at distances from the side; a sharp edge is shared by the pixel it cuts."""
    full, none = wipe.ramp()
    if full == none:
        full, none = full - pixel / 2, none + pixel / 2
    return np.asarray(np.clip((none - distance) / (none - full), 0, 1))


def _bands(columns: Plane) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, stop, is whole) of neighbouring pairs of columns that show at all."""
    pairs = columns.reshape(-1, 2)
    kinds = np.where((pairs == 0).all(axis=1), 0, np.where((pairs == 255).all(axis=1), 2, 1))
    start = 0
    for kind, run in groupby(kinds.tolist()):
        stop = start + 2 * len(list(run))
        if kind:
            yield start, stop, kind == 2
        start = stop


def _cut(planes: Planes, start: int, stop: int) -> Planes:
    half = slice(start // 2, stop // 2)
    return Planes(planes.y[:, start:stop], planes.u[:, half], planes.v[:, half])
