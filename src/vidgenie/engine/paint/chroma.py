"""A colour taken out of a picture: the green behind an actor, and its shine on his edges.

Distances are taken between colours without their light (ITU-R BT.709 chroma), in units in which the
key's own colourfulness is 250: so far away is every grey, white and black included, however the
screen is lit. A key that is itself grey is told apart by red, green and blue instead.

    distance  … threshold   transparent
              … + halo      half transparent, the key's share taken out of the colour
              … 250         opaque, the key's shine taken out of the colour
              … 350         less and less of it
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vidgenie.core.timeline.looks import ChromaKey
from vidgenie.engine.pool import Plane

GREY_DISTANCE = 250.0
"""How far a grey is from any key that has a colour."""

SHINE_FADING = 100.0
"""So far beyond the greys a colour that is a little like the key is its own, not its shine."""

EDGE_SIGMA = 0.8
"""Pixels by which the edge of what stays is smoothed."""

GREY_KEY = 12.0
"""A key less colourful than this (8-bit chroma) counts as grey."""

# Chroma in 8-bit steps, columns B G R (ITU-R BT.709-6 §3).
_CHROMA = np.array([[0.5, -0.385428, -0.114572], [-0.045847, -0.454153, 0.5]], np.float32)
# Back: what one step of Cb and Cr adds to B, G and R.
_COLORS = np.array([[1.8556, 0.0], [-0.187324, -0.468124], [0.0, 1.5748]], np.float32)

Floats = NDArray[np.float32]


def keyed(pixels: Plane, key: ChromaKey) -> Plane:
    """Return a picture without its key colour. Shapes: (height, width, 4), premultiplied BGRA."""
    colors = np.asarray(pixels[..., :3], np.float32)
    background = np.array([key.color.b, key.color.g, key.color.r], np.float32)
    chroma = np.asarray(cv2.transform(colors, _CHROMA), np.float32)
    target = _CHROMA @ background
    strength = float(np.hypot(*target))
    if strength < GREY_KEY:
        distance = np.linalg.norm(colors - background, axis=2).astype(np.float32)
    else:
        away = chroma - target
        distance = cv2.magnitude(away[..., 0], away[..., 1]) * np.float32(GREY_DISTANCE / strength)
    # The chroma of most videos has half the resolution: its steps are smoothed.
    alpha = np.asarray(cv2.GaussianBlur(_alpha(distance, key), (0, 0), EDGE_SIGMA), np.float32)
    colors -= (1 - alpha)[..., None] * background
    if strength >= GREY_KEY:
        _remove_shine(colors, alpha, _weight(distance), target)
    made = np.empty_like(pixels)
    alpha *= pixels[..., 3] * np.float32(1 / 255)
    np.clip(colors, 0, alpha[..., None] * np.float32(255), out=colors)
    made[..., :3] = colors + np.float32(0.5)
    made[..., 3] = alpha * np.float32(255) + np.float32(0.5)
    return made


def _alpha(distance: Floats, key: ChromaKey) -> Floats:
    """Return how much of each pixel stays, 0..1."""
    if key.halo == 0:
        return np.asarray(distance > key.threshold, np.float32)
    ramp = (distance - np.float32(key.threshold)) * np.float32(1 / key.halo)
    return np.asarray(np.clip(ramp, 0, 1), np.float32)


def _weight(distance: Floats) -> Floats:
    """Return how much of the key's shine is taken out: all of it up to the greys, then less."""
    fading = (distance - np.float32(GREY_DISTANCE)) * np.float32(1 / SHINE_FADING)
    return np.asarray(np.clip(1 - fading, 0, 1), np.float32)


def _remove_shine(colors: Floats, alpha: Floats, weight: Floats, target: Floats) -> None:
    """Take out of premultiplied colours what of their chroma points to the key's, in place."""
    chroma = np.asarray(cv2.transform(colors, _CHROMA), np.float32)
    towards = target / np.hypot(*target)
    shine = chroma @ towards
    np.maximum(shine, 0, out=shine)
    shine *= weight * (alpha > 0)
    colors -= shine[..., None] * (_COLORS @ towards)
