"""A plain painter that knows no recipes: float arithmetic, one pixel at a time in principle.

Each pixel is the mean of 4 × 4 samples; each sample asks every layer, bottom first, for its colour
there (bilinear between the source's pixels) and lays it over what is below. Slow, and obviously
right: what the engine's recipes are compared with. Only a text's letters come from the engine.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.model import FrameOf, ImageContent, Layer, Picture
from vidgenie.engine.paint.raster import canvas_on, draw_layer

Pixels = NDArray[np.float64]
SAMPLES = 4

Media = Mapping[str, list[Pixels]]
"""Every picture of every source. Shapes: (height, width, 4) RGBA, premultiplied, 0..1."""


def paint(picture: Picture, media: Media) -> Pixels:
    """Return a picture. Shapes: (height, width, 3) RGB, 0..1."""
    size, color = picture.size, picture.background
    fine = np.empty((size.height * SAMPLES, size.width * SAMPLES, 3))
    fine[:] = np.array([color.r, color.g, color.b]) / 255
    for layer in picture.layers:
        over = _samples(layer, picture, media) * layer.opacity
        fine = over[..., :3] + fine * (1 - over[..., 3:])
    shape = (size.height, SAMPLES, size.width, SAMPLES, 3)
    return fine.reshape(shape).mean(axis=(1, 3))


def _samples(layer: Layer, picture: Picture, media: Media) -> Pixels:
    """Return what a layer shows at every sample, zero outside its source rectangle."""
    if isinstance(layer.drawable, Posed):
        return _letters(layer, picture)
    index = layer.drawable.index if isinstance(layer.drawable, FrameOf) else 0
    assert isinstance(layer.drawable, FrameOf | ImageContent)
    source = media[layer.drawable.asset][index]
    height, width = picture.size.height * SAMPLES, picture.size.width * SAMPLES
    ys, xs = np.mgrid[0:height, 0:width]
    back = layer.matrix.inverse()
    x, y = (xs + 0.5) / SAMPLES, (ys + 0.5) / SAMPLES
    sx, sy = back.a * x + back.c * y + back.e, back.b * x + back.d * y + back.f
    part = layer.source
    is_in = (sx >= part.left) & (sx < part.right) & (sy >= part.top) & (sy < part.bottom)
    return _bilinear(source, sx - 0.5, sy - 0.5) * is_in[..., None]


def _bilinear(source: Pixels, x: Pixels, y: Pixels) -> Pixels:
    height, width = source.shape[:2]
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    fx, fy = (x - left)[..., None], (y - top)[..., None]
    upper = source[top, left] * (1 - fx) + source[top, right] * fx
    lower = source[bottom, left] * (1 - fx) + source[bottom, right] * fx
    return upper * (1 - fy) + lower * fy


def _letters(layer: Layer, picture: Picture) -> Pixels:
    """Draw a text at its place, pixel by pixel, then repeat each pixel for its samples."""
    size = picture.size
    pixels = np.zeros((size.height, size.width, 4), np.uint8)
    canvas = canvas_on(pixels)
    draw_layer(canvas, replace(layer, opacity=1.0), None)  # type: ignore[arg-type]
    del canvas
    rgba = pixels[..., [2, 1, 0, 3]] / 255
    return rgba.repeat(SAMPLES, axis=0).repeat(SAMPLES, axis=1)


def to_yuv(rgb: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Return BT.709 limited planes, chroma at half the size (ITU-R BT.709-6 §3)."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    half = (rgb.shape[0] // 2, 2, rgb.shape[1] // 2, 2)
    u = (128 + 224 * (blue - luma) / 1.8556).reshape(half).mean(axis=(1, 3))
    v = (128 + 224 * (red - luma) / 1.5748).reshape(half).mean(axis=(1, 3))
    return 16 + 219 * luma, u, v


def psnr(one: Pixels, other: Pixels) -> float:
    """Return the peak signal-to-noise ratio of two 8-bit planes in dB."""
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))
