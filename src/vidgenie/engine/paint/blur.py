"""The blur of pictures: Gaussian, within what is shown; beyond its edges the last pixels go on."""

from math import ceil, floor, log2

import cv2
import numpy as np

from vidgenie.core.geometry import Rect, Size
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
    made[top:bottom, left:right] = blurred(pixels[top:bottom, left:right], sigma_of(shown))
    return made


def blurred(pixels: Plane, sigma: float) -> Plane:
    """Blur a whole picture or plane."""
    halvings = max(0, floor(log2(sigma / FINE_SIGMA)) + 1) if sigma > FINE_SIGMA else 0
    height, width = pixels.shape[:2]
    if not halvings:
        return _gaussian(pixels, sigma)
    size = Size(-(-width // (1 << halvings)), -(-height // (1 << halvings)))
    small = cv2.resize(pixels, (size.width, size.height), interpolation=cv2.INTER_AREA)
    # Shrinking by area and growing by lines blur, too: boxes of 1 and 2 small pixels.
    spent = (1 + 2) / 12
    left = max(0.0, (sigma * size.width / width) ** 2 - spent) ** 0.5
    soft = _gaussian(np.asarray(small), left)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))


def _gaussian(pixels: Plane, sigma: float) -> Plane:
    if sigma <= 0:
        return pixels
    made = cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(made)
