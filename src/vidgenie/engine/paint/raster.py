"""Layers drawn by Skia: onto a whole frame, or onto a tile of it.

Surfaces are BGRA, premultiplied, sRGB-encoded: Skia's native order here, ten times as fast as RGBA.
"""

import av
import numpy as np
import skia
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from vidgenie.core.color import Color
from vidgenie.core.geometry import Affine
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.model import FrameOf, ImageContent, Layer, Picture
from vidgenie.engine.paint.blur import blurred_part
from vidgenie.engine.paint.chroma import keyed
from vidgenie.engine.paint.drawing import Drawing, drawing_of
from vidgenie.engine.paint.looks import draw_looked, skia_matrix, skia_rect
from vidgenie.engine.pool import FramePool, Plane, Planes, planes_in

SHRINK = 0.75
"""Below this scale a picture is drawn from smaller copies (mipmaps): it would flicker."""


def raster_of(picture: Picture, pool: FramePool, *, keep_alpha: bool = False) -> Plane:
    """Paint a whole picture. Shapes: (height, width, 4), premultiplied BGRA.

    It is opaque, or with `keep_alpha` as see-through as its background.
    """
    size = picture.size
    pixels = np.empty((size.height, size.width, 4), np.uint8)
    canvas = canvas_on(pixels)
    canvas.clear(skia_color(picture.background) | (0 if keep_alpha else 0xFF000000))
    for layer in picture.layers:
        draw_layer(canvas, layer, pool)
    return pixels


def paint_picture(picture: Picture, pool: FramePool) -> Planes:
    """Paint a whole picture and convert it: the general way, right for everything."""
    return planes_of(raster_of(picture, pool))


def planes_of(pixels: Plane) -> Planes:
    """Convert an opaque raster. Shapes: (height, width, 4) BGRA, both sides even."""
    frame = av.VideoFrame.from_ndarray(pixels, format="bgra").reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        threads=1,
    )
    return planes_in(frame)


def skia_color(color: Color) -> int:
    """Return a colour as Skia's 32-bit ARGB."""
    return color.a << 24 | color.r << 16 | color.g << 8 | color.b


def canvas_on(pixels: Plane) -> "skia.Canvas":
    """Return a canvas that draws into an array. Shapes: (height, width, 4) BGRA, contiguous."""
    return skia.Canvas(
        pixels, colorType=skia.kBGRA_8888_ColorType, alphaType=skia.kPremul_AlphaType
    )


def draw_layer(
    canvas: "skia.Canvas", layer: Layer, pool: FramePool, *, opacity: float | None = None
) -> None:
    """Draw one layer in the frame's coordinates, at its opacity or at another."""

    def draw(canvas: "skia.Canvas", layer: Layer, opacity: float) -> None:
        _draw(canvas, layer, pool, opacity)

    share = layer.opacity if opacity is None else opacity
    if layer.looks.is_plain:
        _draw(canvas, layer, pool, share)
    else:
        draw_looked(canvas, layer, share, draw)


def _draw(canvas: "skia.Canvas", layer: Layer, pool: FramePool, opacity: float) -> None:
    """Draw a layer's own pixels, keyed if they are."""
    canvas.save()
    canvas.concat(skia_matrix(layer.matrix))
    match layer.drawable:
        case Posed() as posed:
            _draw_graphic(canvas, drawing_of(posed, pool), opacity)
        case FrameOf(asset=asset, index=index):
            _draw_image(canvas, _pixels(layer, pool, asset, index), layer, opacity)
        case ImageContent(asset=asset):
            _draw_image(canvas, _pixels(layer, pool, asset, 0), layer, opacity)
    canvas.restore()


def _pixels(layer: Layer, pool: FramePool, asset: str, index: int) -> Plane:
    """Return a picture keyed and blurred, where it is; other looks are Skia's."""
    key, is_blurred = layer.looks.chroma_key, layer.looks.filter == "blur"
    if key is None and not is_blurred:
        return pool.bgra(asset, index)

    def make() -> Plane:
        pixels = pool.bgra(asset, index)
        if key is not None:
            pixels = keyed(pixels, key)
        return blurred_part(pixels, layer.source) if is_blurred else pixels

    return pool.derived((asset, index, key, layer.source if is_blurred else None), make)


def _draw_graphic(canvas: "skia.Canvas", drawing: Drawing, opacity: float) -> None:
    if opacity < 1:
        canvas.saveLayerAlpha(None, round(opacity * 255))
    drawing.draw(canvas)
    if opacity < 1:
        canvas.restore()


def _draw_image(canvas: "skia.Canvas", pixels: Plane, layer: Layer, opacity: float) -> None:
    image = skia.Image.fromarray(
        pixels,
        colorType=skia.kBGRA_8888_ColorType,
        alphaType=skia.kPremul_AlphaType,
        copy=False,
    )
    part = skia_rect(layer.source)
    paint = skia.Paint(AntiAlias=True, Alphaf=opacity)
    canvas.drawImageRect(
        image, part, part, _sampling(layer.matrix), paint, skia.Canvas.kStrict_SrcRectConstraint
    )


def _sampling(matrix: Affine) -> "skia.SamplingOptions":
    scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
    is_exact = matrix.is_upright and scale == 1 and (matrix.e % 1, matrix.f % 1) == (0, 0)
    if is_exact:
        return skia.SamplingOptions(skia.FilterMode.kNearest)
    mipmap = skia.MipmapMode.kLinear if scale < SHRINK else skia.MipmapMode.kNone
    return skia.SamplingOptions(skia.FilterMode.kLinear, mipmap)
