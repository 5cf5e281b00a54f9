"""A Lottie frame on Skia's canvas: painted at the canvas's own pixels, wherever it lies there.

What Skia would do to a raster (scale it, turn it, move it by a part of a pixel) is done by the
painter to its outlines: sharp at any scale, and nothing trembles when it moves.
"""

import json
from functools import lru_cache
from math import ceil, floor
from pathlib import Path

import numpy as np
import skia

from vidgenie.core.geometry import Affine, Rect
from vidgenie.core.timeline.graphic import Phase
from vidgenie.core.timeline.graphics.lottie import LottieContent
from vidgenie.engine.demux.lottie import facts_of, read_document
from vidgenie.engine.paint.looks import skia_rect
from vidgenie.engine.paint.lottie.plain import plain
from vidgenie.engine.paint.lottie.thorvg import Player
from vidgenie.engine.pool import FramePool

PLAYERS_KEPT = 8
"""Documents kept loaded: clips share them, and each frame asks for its own."""


class LottieDrawing:
    """One frame of a document."""

    def __init__(self, content: LottieContent, phase: Phase, pool: FramePool) -> None:
        path = str(pool.path(content.src)) if content.src else ""
        self._player = _player(path, content.document)
        self._frame = float(phase[0])
        self._part = content.part

    @property
    def ink(self) -> Rect:
        """What is shown of its box: where in it there is ink is not known before it is painted."""
        return self._part

    def draw(self, canvas: "skia.Canvas") -> None:
        """Paint it where the canvas shows it."""
        m = canvas.getTotalMatrix()
        matrix = Affine(
            m.getScaleX(), m.getSkewY(), m.getSkewX(), m.getScaleY(),
            m.getTranslateX(), m.getTranslateY(),
        )  # fmt: skip
        bounds, clip = matrix.bounds(self._part), canvas.getDeviceClipBounds()
        left, top = max(floor(bounds.left), clip.left()), max(floor(bounds.top), clip.top())
        right = min(ceil(bounds.right), clip.right())
        bottom = min(ceil(bounds.bottom), clip.bottom())
        if right <= left or bottom <= top:
            return
        pixels = np.zeros((bottom - top, right - left, 4), np.uint8)
        self._player.paint(self._frame, matrix.then(Affine.translation(-left, -top)), pixels)
        image = skia.Image.fromarray(
            pixels, colorType=skia.kBGRA_8888_ColorType, alphaType=skia.kPremul_AlphaType
        )
        canvas.save()
        canvas.clipRect(skia_rect(self._part), skia.ClipOp.kIntersect, True)
        canvas.resetMatrix()
        canvas.drawImage(image, left, top)
        canvas.restore()


@lru_cache(maxsize=PLAYERS_KEPT)
def _player(path: str, document: str) -> Player:
    """Return a document loaded, from its file or as it stands in the edit."""
    read = json.loads(document) if document else read_document(Path(path))
    facts_of(read)
    return Player(plain(read))


def lottie_drawing(content: LottieContent, phase: Phase, pool: FramePool) -> LottieDrawing:
    """Return the drawing of a frame."""
    return LottieDrawing(content, phase, pool)
