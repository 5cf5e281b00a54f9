"""A slow zoom of a detailed picture goes on evenly: no frame jumps, none stands still."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vidgenie.core.geometry import Affine, Rect, Size
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import FrameTimes, VideoFacts
from vidgenie.core.timeline.model import ImageContent, Layer
from vidgenie.engine.paint.warp import warp
from vidgenie.engine.pool import FramePool, Planes

SIZE = Size(640, 360)
FRAMES = 40
GROWTH = 0.0004
"""Per frame; a tenth of a pixel at the frame's edge."""


def detailed() -> NDArray[np.uint8]:
    """Waves of 16 and 14 pixels: up to 24 codes from one pixel to the next."""
    x, y = np.arange(SIZE.width) / 2.5, np.arange(SIZE.height) / 2.2
    waves = 128 + 60 * np.sin(x)[None] + 50 * np.sin(y)[:, None]
    return np.asarray(np.rint(waves), np.uint8)


class Detailed(FramePool):
    """A pool of one detailed picture."""

    def planes(self, asset: str, index: int, source: Rect, size: Size) -> Planes:
        grey = np.full((SIZE.height // 2, SIZE.width // 2), 128, np.uint8)
        return Planes(detailed(), grey, grey)

    def facts(self, asset: str) -> VideoFacts:
        times = FrameTimes(1, FrameRate(25))
        return VideoFacts(SIZE.width, SIZE.height, times, "png", "rgb24")


def zoomed(frame: int) -> Affine:
    """About the middle of the frame."""
    scale, x, y = 1.1 + GROWTH * frame, SIZE.width / 2, SIZE.height / 2
    about = Affine.translation(-x, -y).then(Affine.scaling(scale, scale))
    return about.then(Affine.translation(x, y))


def exact(matrix: Affine) -> NDArray[np.float64]:
    """The picture resampled in floating point, bilinearly."""
    picture, back = detailed().astype(float), matrix.inverse()
    x = back.a * (np.arange(SIZE.width) + 0.5) + back.e - 0.5
    y = back.d * (np.arange(SIZE.height) + 0.5) + back.f - 0.5
    rows = np.stack([np.interp(x, np.arange(SIZE.width), row) for row in picture])
    return np.stack([np.interp(y, np.arange(SIZE.height), column) for column in rows.T]).T


def test_a_slow_zoom_goes_on_evenly() -> None:
    pool, shown = Detailed({}), []
    for frame in range(FRAMES):
        layer = Layer("0.0", ImageContent("a"), Rect.of(SIZE), zoomed(frame), 1.0, True)
        made = warp(layer, pool, SIZE)
        assert made is not None
        assert made.cover is None
        shown.append(made.planes.y.astype(float))
    off = [np.abs(shown[k] - exact(zoomed(k))).max() for k in (0, 1, 7, FRAMES - 1)]
    assert max(off) < 0.6, "pixels are placed to less than a hundredth, not to a 32nd"
    steps = np.array([np.abs(b - a).mean() for a, b in pairwise(shown)])
    assert steps.min() > 0.8, "every frame moves"
    assert np.abs(np.diff(steps)).max() < 0.01 * steps.mean(), "none moves more than the last"
