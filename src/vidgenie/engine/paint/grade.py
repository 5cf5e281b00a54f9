"""Filters on planes: a filtered picture that fills the frame needs no detour over RGB.

Luma and chroma change by tables of 256 entries: exact where a filter keeps every colour within
0..1 (`Grade.is_within`), and only then done here.
"""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from vidgenie.core.geometry import Rect, Size
from vidgenie.core.timeline.looks import BLUR, GRADES, Filter
from vidgenie.engine.paint.blur import blurred
from vidgenie.engine.pool import Plane, Planes


def filter_planes(planes: Planes, name: Filter, shown: Rect) -> Planes:
    """Filter a picture of which all is shown; `shown` is the same part in the source's pixels."""
    if name == "blur":
        return _blurred(planes, shown)
    luma, chroma = _tables(name)
    y, u, v = (
        np.asarray(cv2.LUT(np.ascontiguousarray(plane), table), np.uint8)
        for plane, table in ((planes.y, luma), (planes.u, chroma), (planes.v, chroma))
    )
    return replace(planes, y=y, u=u, v=v)


@cache
def _tables(name: Filter) -> tuple[Plane, Plane]:
    """Return what each luma and chroma code becomes (BT.709 limited)."""
    grade, codes = GRADES[name], np.arange(256)
    luma = 16 + 219 * (grade.gain * (codes - 16) / 219 + grade.lift)
    chroma = 128 + grade.chroma * (codes - 128)
    return _codes(luma), _codes(chroma)


def _codes(values: NDArray[np.floating]) -> Plane:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _blurred(planes: Planes, shown: Rect) -> Planes:
    size: Size = planes.size
    sigma = BLUR * min(shown.width, shown.height)
    across, down = sigma * size.width / shown.width, sigma * size.height / shown.height
    return replace(
        planes,
        y=blurred(planes.y, (across, down)),
        u=blurred(planes.u, (across / 2, down / 2)),
        v=blurred(planes.v, (across / 2, down / 2)),
    )
