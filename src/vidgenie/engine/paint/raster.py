"""Layers drawn by Skia: onto a whole frame, or onto a tile of it.

Surfaces are BGRA, premultiplied, sRGB-encoded: Skia's native order here, ten times as fast as RGBA.
"""

import av
import numpy as np
import skia
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from vidgenie.core.color import Color
from vidgenie.core.geometry import Affine, Rect
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.model import FrameOf, ImageContent, Layer, Picture
from vidgenie.engine.paint.drawing import Drawing, drawing_of
from vidgenie.engine.pool import FramePool, Plane, Planes, planes_in

SHRINK = 0.75
"""Below this scale a picture is drawn from smaller copies (mipmaps): it would flicker."""


def raster_of(picture: Picture, pool: FramePool) -> Plane:
    """Paint a whole picture. Shapes: (height, width, 4), opaque BGRA."""
    size = picture.size
    pixels = np.empty((size.height, size.width, 4), np.uint8)
    canvas = canvas_on(pixels)
    canvas.clear(skia_color(picture.background) | 0xFF000000)
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
    share = layer.opacity if opacity is None else opacity
    canvas.save()
    canvas.concat(_matrix(layer.matrix))
    match layer.drawable:
        case Posed() as posed:
            _draw_graphic(canvas, drawing_of(posed, pool), share)
        case FrameOf(asset=asset, index=index):
            _draw_image(canvas, pool.bgra(asset, index), layer, share)
        case ImageContent(asset=asset):
            _draw_image(canvas, pool.bgra(asset, 0), layer, share)
    canvas.restore()


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
    part = _rect(layer.source)
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


def _matrix(matrix: Affine) -> "skia.Matrix":
    return skia.Matrix.MakeAll(matrix.a, matrix.c, matrix.e, matrix.b, matrix.d, matrix.f, 0, 0, 1)


def _rect(rect: Rect) -> "skia.Rect":
    return skia.Rect.MakeLTRB(rect.left, rect.top, rect.right, rect.bottom)
