"""The blur of pictures: Gaussian, within what is shown; beyond its edges the last pixels go on."""

from math import ceil, floor, log2

import cv2
import numpy as np

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.looks import BLUR
from vidgenie.engine.pool import Plane

FINE_SIGMA = 4.0
"""Pixels; a wider blur is made on a copy shrunk by halves, where no detail is left to lose."""


def sigma_of(shown: Rect) -> float:
    """Return the blur's standard deviation in a source's own pixels."""
    return BLUR * min(shown.width, shown.height)


def blurred_part(pixels: Plane, shown: Rect) -> Plane:
    """Blur the shown part of a picture, and leave the rest. Shapes: (h, w, 4), premultiplied."""
    left, top = max(0, floor(shown.left + 1e-6)), max(0, floor(shown.top + 1e-6))
    right, bottom = ceil(shown.right - 1e-6), ceil(shown.bottom - 1e-6)
    made = pixels.copy()
    sigma = sigma_of(shown)
    made[top:bottom, left:right] = blurred(pixels[top:bottom, left:right], (sigma, sigma))
    return made


def blurred(pixels: Plane, sigma: tuple[float, float]) -> Plane:
    """Blur a whole picture or plane, by so much across and down."""
    least = min(sigma)
    halvings = max(0, floor(log2(least / FINE_SIGMA)) + 1) if least > FINE_SIGMA else 0
    height, width = pixels.shape[:2]
    if not halvings:
        return _gaussian(pixels, sigma)
    size = (-(-width // (1 << halvings)), -(-height // (1 << halvings)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    left = (_left(sigma[0] * size[0] / width), _left(sigma[1] * size[1] / height))
    soft = _gaussian(small, left)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))


def _left(sigma: float) -> float:
    """Return what is left to blur: shrinking by area and growing by lines do some of it.

    They are a box of one and a triangle of two small pixels: variances 1/12 and 2/12.
    """
    return float(max(0.0, sigma**2 - 3 / 12) ** 0.5)


def _gaussian(pixels: Plane, sigma: tuple[float, float]) -> Plane:
    across, down = sigma
    if across <= 0 or down <= 0:
        return pixels
    made = cv2.GaussianBlur(pixels, (0, 0), across, None, down, cv2.BORDER_REPLICATE)
    return np.asarray(made)
