"""A plain painter that knows no recipes: float arithmetic, one pixel at a time in principle.

Each pixel is the mean of 4 × 4 samples; each sample asks every layer, bottom first, for its colour
there (bilinear between the source's pixels) and lays it over what is below. Slow, and obviously
right: what the engine's recipes are compared with. Only a text's letters come from the engine.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.looks import PLAIN
from vidgenie.core.timeline.model import FrameOf, ImageContent, Layer, Picture
from vidgenie.engine.paint.raster import canvas_on, draw_layer
from vidgenie.engine.pool import FramePool

Pixels = NDArray[np.float64]
SAMPLES = 4
LUMA = np.array([0.2126, 0.7152, 0.0722])

Media = Mapping[str, list[Pixels]]
"""Every picture of every source. Shapes: (height, width, 4) RGBA, premultiplied, 0..1."""


def paint(picture: Picture, media: Media) -> Pixels:
    """Return a picture. Shapes: (height, width, 3) RGB, 0..1."""
    size, color = picture.size, picture.background
    fine = np.empty((size.height * SAMPLES, size.width * SAMPLES, 3))
    fine[:] = np.array([color.r, color.g, color.b]) / 255
    for layer in picture.layers:
        over = _looked(layer, picture, media) * layer.opacity
        if layer.looks.blend != "normal":
            over = mixed(fine, over, layer.looks.blend)
        fine = over[..., :3] + fine * (1 - over[..., 3:])
    shape = (size.height, SAMPLES, size.width, SAMPLES, 3)
    return fine.reshape(shape).mean(axis=(1, 3))


def _looked(layer: Layer, picture: Picture, media: Media) -> Pixels:
    """Return a layer's samples after its filter, wipes and masks, before its opacity."""
    over = _samples(layer, picture, media)
    if isinstance(layer.drawable, Posed) and layer.looks.filter:
        over = filtered(over, layer.looks.filter)
    back = layer.matrix.inverse()
    x, y = _places(picture)
    across = (back.a * x + back.c * y + back.e - layer.source.left) / layer.source.width
    for wipe in layer.looks.wipes:
        distance = across if wipe.is_from_left else 1 - across
        if wipe.kind == "reveal":
            shown = (distance < wipe.progress).astype(float)
        else:
            brightness = 1 - 2 * wipe.progress
            shown = np.clip(0.5 + (0.5 - distance - brightness) / 0.85, 0, 1)
        over = over * shown[..., None]
    for mask in layer.looks.masks:
        masking = _looked(mask.layer, picture, media) * mask.layer.opacity
        light = masking[..., :3] @ LUMA if mask.kind.startswith("luma") else masking[..., 3]
        over = over * (1 - light if mask.kind.endswith("inverted") else light)[..., None]
    return over


def _places(picture: Picture) -> tuple[Pixels, Pixels]:
    height, width = picture.size.height * SAMPLES, picture.size.width * SAMPLES
    ys, xs = np.mgrid[0:height, 0:width]
    return (xs + 0.5) / SAMPLES, (ys + 0.5) / SAMPLES


def filtered(premultiplied: Pixels, name: str) -> Pixels:
    """Change colours as a filter says; each written as it is described, not as one matrix."""
    alpha = premultiplied[..., 3:]
    rgb = premultiplied[..., :3] / np.maximum(alpha, 1e-9)

    def colorful(colors: Pixels, share: float) -> Pixels:
        grey = (colors @ LUMA)[..., None]
        return grey + (colors - grey) * share

    match name:
        case "boost":
            rgb = colorful((rgb - 0.5) * 1.2 + 0.5, 1.3)
        case "contrast":
            rgb = (rgb - 0.5) * 1.4 + 0.5
        case "darken":
            rgb = rgb * 0.6
        case "greyscale":
            rgb = colorful(rgb, 0.0)
        case "lighten":
            rgb = rgb * 0.7 + 0.3
        case "muted":
            rgb = colorful((rgb - 0.5) * 0.85 + 0.5, 0.45 / 0.85)
        case _:
            assert name == "negative", name
            rgb = 1 - rgb
    return np.concatenate([np.clip(rgb, 0, 1) * alpha, alpha], axis=-1)


def blurred(source: Pixels, part: Rect) -> Pixels:
    """Blur what is shown of a source; beyond its edges the outermost pixels go on."""
    left, top, right, bottom = (
        round(edge) for edge in (part.left, part.top, part.right, part.bottom)
    )
    cut = source[top:bottom, left:right]
    sigma = min(part.width, part.height) / 80
    reach = int(np.ceil(4 * sigma))
    weights = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    weights /= weights.sum()
    wide = np.pad(cut, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    height, width = cut.shape[:2]
    rows = sum(w * wide[k : k + height] for k, w in enumerate(weights))
    made = source.copy()
    made[top:bottom, left:right] = sum(w * rows[:, k : k + width] for k, w in enumerate(weights))
    return made


def mixed(below: Pixels, over: Pixels, blend: str) -> Pixels:
    """Return a premultiplied layer whose colours are mixed with those below, which are opaque.

    W3C Compositing and Blending Level 1, §9 and §10.
    """
    alpha = over[..., 3:]
    source = np.clip(over[..., :3] / np.maximum(alpha, 1e-9), 0, 1)
    return np.concatenate([_mix(below, source, blend) * alpha, alpha], axis=-1)


def _mix(cb: Pixels, cs: Pixels, blend: str) -> Pixels:
    tiny = 1e-9
    match blend:
        case "multiply":
            return cb * cs
        case "screen":
            return cb + cs - cb * cs
        case "overlay":
            return _mix(cs, cb, "hard-light")
        case "darken":
            return np.minimum(cb, cs)
        case "lighten":
            return np.maximum(cb, cs)
        case "color-dodge":
            dodged = np.minimum(1, cb / np.maximum(1 - cs, tiny))
            return np.where(cb <= tiny, 0.0, dodged)
        case "color-burn":
            return np.where(cb >= 1 - tiny, 1.0, 1 - np.minimum(1, (1 - cb) / np.maximum(cs, tiny)))
        case "hard-light":
            return np.where(cs <= 0.5, 2 * cb * cs, 1 - 2 * (1 - cb) * (1 - cs))
        case "soft-light":
            root = np.where(cb <= 0.25, ((16 * cb - 12) * cb + 4) * cb, np.sqrt(cb))
            return np.where(
                cs <= 0.5, cb - (1 - 2 * cs) * cb * (1 - cb), cb + (2 * cs - 1) * (root - cb)
            )
        case "difference":
            return np.abs(cb - cs)
        case "exclusion":
            return cb + cs - 2 * cb * cs
        case "hue":
            return _with_light(_with_spread(cs, _spread(cb)), _light(cb))
        case "saturation":
            return _with_light(_with_spread(cb, _spread(cs)), _light(cb))
        case "color":
            return _with_light(cs, _light(cb))
        case _:
            assert blend == "luminosity", blend
            return _with_light(cb, _light(cs))


def _light(color: Pixels) -> Pixels:
    return (color @ np.array([0.3, 0.59, 0.11]))[..., None]


def _spread(color: Pixels) -> Pixels:
    return color.max(axis=-1, keepdims=True) - color.min(axis=-1, keepdims=True)


def _with_spread(color: Pixels, spread: Pixels) -> Pixels:
    low = color.min(axis=-1, keepdims=True)
    return (color - low) * spread / np.maximum(_spread(color), 1e-9)


def _with_light(color: Pixels, light: Pixels) -> Pixels:
    moved = color + light - _light(color)
    level, low = _light(moved), moved.min(axis=-1, keepdims=True)
    high = moved.max(axis=-1, keepdims=True)
    moved = np.where(
        low < 0, level + (moved - level) * level / np.maximum(level - low, 1e-9), moved
    )
    level = _light(moved)
    above = level + (moved - level) * (1 - level) / np.maximum(high - level, 1e-9)
    return np.where(high > 1, above, moved)


def _samples(layer: Layer, picture: Picture, media: Media) -> Pixels:
    """Return what a layer shows at every sample, zero outside its source rectangle."""
    if isinstance(layer.drawable, Posed):
        return _letters(layer, picture)
    index = layer.drawable.index if isinstance(layer.drawable, FrameOf) else 0
    assert isinstance(layer.drawable, FrameOf | ImageContent)
    source = media[layer.drawable.asset][index]
    if layer.looks.filter == "blur":
        source = blurred(source, layer.source)
    elif layer.looks.filter:
        source = filtered(source, layer.looks.filter)
    back = layer.matrix.inverse()
    x, y = _places(picture)
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
    draw_layer(canvas, replace(layer, opacity=1.0, looks=PLAIN), FramePool({}))
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
