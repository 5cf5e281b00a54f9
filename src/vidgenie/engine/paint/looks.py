"""What is done to a layer's pixels in Skia: filter, wipes, masks, and how it mixes with the rest.

The layer is drawn on a surface of its own, changed there, and laid down with its opacity and its
blend. A wipe goes across the layer's own pixels, a mask stands on the frame.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import skia

from vidgenie.core.geometry import Affine, Rect
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.looks import GRADES, Blend, Filter, Grade, Mask, Wipe
from vidgenie.core.timeline.model import Layer
from vidgenie.engine.paint.blur import sigma_of

LUMA = (0.2126, 0.7152, 0.0722)
"""BT.709 weights of red, green and blue."""

BLENDS: dict[Blend, "skia.BlendMode"] = {
    "normal": skia.BlendMode.kSrcOver,
    "multiply": skia.BlendMode.kMultiply,
    "screen": skia.BlendMode.kScreen,
    "overlay": skia.BlendMode.kOverlay,
    "darken": skia.BlendMode.kDarken,
    "lighten": skia.BlendMode.kLighten,
    "color-dodge": skia.BlendMode.kColorDodge,
    "color-burn": skia.BlendMode.kColorBurn,
    "hard-light": skia.BlendMode.kHardLight,
    "soft-light": skia.BlendMode.kSoftLight,
    "difference": skia.BlendMode.kDifference,
    "exclusion": skia.BlendMode.kExclusion,
    "hue": skia.BlendMode.kHue,
    "saturation": skia.BlendMode.kSaturation,
    "color": skia.BlendMode.kColor,
    "luminosity": skia.BlendMode.kLuminosity,
}
"""The formulas are those of W3C Compositing and Blending Level 1, §9 and §10."""

Draw = Callable[["skia.Canvas", Layer, float], None]


def draw_looked(canvas: "skia.Canvas", layer: Layer, opacity: float, draw: Draw) -> None:
    """Draw a layer with all that is done to it; `draw` draws it as it is, in the frame's pixels."""
    looks = layer.looks
    with _apart(canvas, skia.Paint(Alphaf=opacity, BlendMode=BLENDS[looks.blend])):
        if looks.filter is None:
            draw(canvas, layer, 1.0)
        else:
            _draw_filtered(canvas, layer, looks.filter, draw)
        for wipe in looks.wipes:
            _wipe(canvas, layer, wipe)
        for mask in looks.masks:
            _mask(canvas, mask, draw)


@contextmanager
def _apart(canvas: "skia.Canvas", paint: "skia.Paint") -> Iterator[None]:
    """Draw on a surface of its own, laid down with `paint` in the end."""
    canvas.saveLayer(None, paint)
    try:
        yield
    finally:
        canvas.restore()


def _draw_filtered(canvas: "skia.Canvas", layer: Layer, name: Filter, draw: Draw) -> None:
    """Draw a layer through its filter; pictures come here blurred already."""
    if name != "blur":
        with _apart(canvas, skia.Paint(ColorFilter=_graded(GRADES[name]))):
            draw(canvas, layer, 1.0)
    elif isinstance(layer.drawable, Posed):
        _draw_blurred(canvas, layer, draw)
    else:
        draw(canvas, layer, 1.0)


def _draw_blurred(canvas: "skia.Canvas", layer: Layer, draw: Draw) -> None:
    sigma, box = sigma_of(layer.source), skia_rect(layer.source).round()
    canvas.save()
    canvas.concat(skia_matrix(layer.matrix))
    blur = skia.ImageFilters.Blur(sigma, sigma, skia.TileMode.kClamp, None, box)
    with _apart(canvas, skia.Paint(ImageFilter=blur)):
        canvas.concat(skia_matrix(layer.matrix.inverse()))
        draw(canvas, layer, 1.0)
    canvas.restore()


def _graded(grade: Grade) -> "skia.ColorFilter":
    """Return the colour matrix of a grade; Skia applies it to colours before their alpha."""
    spread = grade.gain - grade.chroma
    rows: list[float] = []
    for channel in range(3):
        weights = [spread * weight for weight in LUMA]
        weights[channel] += grade.chroma
        rows += [*weights, 0.0, grade.lift]
    return skia.ColorFilters.Matrix([*rows, 0.0, 0.0, 0.0, 1.0, 0.0])


def _wipe(canvas: "skia.Canvas", layer: Layer, wipe: Wipe) -> None:
    """Take away what a wipe does not show yet."""
    part = layer.source
    full, none = (part.left + share * part.width for share in wipe.ramp())
    if not wipe.is_from_left:
        full, none = (part.left + part.right - x for x in (full, none))
    canvas.save()
    canvas.concat(skia_matrix(layer.matrix))
    if full == none:
        hidden = skia.Rect.MakeLTRB(*_beyond(part, full, wipe.is_from_left))
        paint = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kDstOut)
        canvas.drawRect(hidden, paint)
    else:
        shader = skia.GradientShader.MakeLinear(
            points=[skia.Point(full, 0), skia.Point(none, 0)],
            colors=[skia.ColorBLACK, skia.ColorTRANSPARENT],
        )
        canvas.drawPaint(skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kDstIn))
    canvas.restore()


def _beyond(part: Rect, edge: float, is_from_left: bool) -> tuple[float, float, float, float]:
    """Return what of a part lies beyond an edge, and some more around its other three sides."""
    more = max(part.width, part.height)
    top, bottom = part.top - more, part.bottom + more
    if is_from_left:
        return edge, top, part.right + more, bottom
    return part.left - more, top, edge, bottom


def _mask(canvas: "skia.Canvas", mask: Mask, draw: Draw) -> None:
    """Keep what a mask's alpha or light shows, or what it does not."""
    mode = skia.BlendMode.kDstOut if mask.kind.endswith("inverted") else skia.BlendMode.kDstIn
    paint = skia.Paint(BlendMode=mode)
    if mask.kind.startswith("luma"):
        paint.setColorFilter(_light_as_alpha())
    with _apart(canvas, paint):
        if mask.hem is not None and mask.layer.opacity >= 1:
            draw(canvas, replace(mask.layer, matrix=mask.hem), mask.layer.opacity)
        if mask.layer.looks.is_plain:
            draw(canvas, mask.layer, mask.layer.opacity)
        else:
            draw_looked(canvas, mask.layer, mask.layer.opacity, draw)


def _light_as_alpha() -> "skia.ColorFilter":
    """Return luma, dimmed by the alpha there was, as the alpha."""
    luma = skia.ColorFilters.Matrix([0.0] * 15 + [*LUMA, 0.0, 0.0])
    # The matrix sees colours before their alpha: what is half transparent must count half.
    opaque = skia.ColorFilters.Blend(skia.ColorBLACK, skia.BlendMode.kDstOver)
    return skia.ColorFilters.Compose(luma, opaque)


def skia_matrix(matrix: Affine) -> "skia.Matrix":
    """Return an affine map as Skia has it."""
    return skia.Matrix.MakeAll(matrix.a, matrix.c, matrix.e, matrix.b, matrix.d, matrix.f, 0, 0, 1)


def skia_rect(rect: Rect) -> "skia.Rect":
    """Return a rectangle as Skia has it."""
    return skia.Rect.MakeLTRB(rect.left, rect.top, rect.right, rect.bottom)
