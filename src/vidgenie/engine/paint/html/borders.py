"""Borders and round corners (CSS Backgrounds 3 §4, §5)."""

import skia

from vidgenie.core.color import Color
from vidgenie.core.geometry import Rect
from vidgenie.engine.paint.html.style import Style
from vidgenie.engine.paint.html.values import resolved
from vidgenie.engine.paint.raster import skia_color

SHADE = 2 / 3
"""How dark the far sides of an inset or outset border are, in shares of the colour."""


def radii(style: Style, rect: Rect) -> list[float]:
    """Return the corners' radii from the top left clockwise; they never overlap."""
    least = min(rect.width, rect.height)
    found = [max(0.0, resolved(radius, least) or 0.0) for radius in style.border_radius]
    pairs = [
        (found[0] + found[1], rect.width),
        (found[2] + found[3], rect.width),
        (found[0] + found[3], rect.height),
        (found[1] + found[2], rect.height),
    ]
    share = min([1.0, *(side / both for both, side in pairs if both > 0)])
    return [radius * share for radius in found]


def rounded(style: Style, rect: Rect, inset: tuple[float, ...] = (0.0,) * 4) -> "skia.RRect":
    """Return a box's outline, or the outline within its borders of the given widths."""
    top, right, bottom, left = inset
    corners = radii(style, rect)
    shape = skia.RRect()
    outline = skia.Rect.MakeLTRB(
        rect.left + left,
        rect.top + top,
        max(rect.left + left, rect.right - right),
        max(rect.top + top, rect.bottom - bottom),
    )
    cuts = ((left, top), (right, top), (right, bottom), (left, bottom))
    shape.setRectRadii(
        outline,
        [
            skia.Point(max(0.0, radius - x), max(0.0, radius - y))
            for radius, (x, y) in zip(corners, cuts, strict=True)
        ],
    )
    return shape


def draw_borders(canvas: "skia.Canvas", style: Style, rect: Rect) -> None:
    """Draw a box's four borders."""
    widths = style.borders
    if not any(widths):
        return
    colors = [_shaded(style, side) for side in range(4)]
    is_even = len(set(colors)) == 1 and len(set(style.border_style)) == 1
    kind = style.border_style[0]
    if is_even and len(set(widths)) == 1 and kind in ("dashed", "dotted"):
        _draw_dashes(canvas, style, rect, colors[0])
        return
    outer, inner = rounded(style, rect), rounded(style, rect, widths)
    if is_even:
        paint = skia.Paint(Color=skia_color(colors[0]), AntiAlias=True)
        if kind == "double" and min(widths) >= 3:
            thirds = tuple(width / 3 for width in widths)
            rest = tuple(2 * width / 3 for width in widths)
            canvas.drawDRRect(outer, rounded(style, rect, thirds), paint)
            canvas.drawDRRect(rounded(style, rect, rest), inner, paint)
        else:
            canvas.drawDRRect(outer, inner, paint)
        return
    for side, width in enumerate(widths):
        if width:
            canvas.save()
            canvas.clipPath(_wedge(side, rect, widths), skia.ClipOp.kIntersect, True)
            paint = skia.Paint(Color=skia_color(colors[side]), AntiAlias=True)
            canvas.drawDRRect(outer, inner, paint)
            canvas.restore()


def _shaded(style: Style, side: int) -> Color:
    color = style.border_color[side] or style.color
    kind = style.border_style[side]
    is_far = side in (1, 2)
    if (kind == "inset" and not is_far) or (kind == "outset" and is_far):
        red, green, blue = (round(part * SHADE) for part in (color.r, color.g, color.b))
        return Color(red, green, blue, color.a)
    return color


def _wedge(side: int, rect: Rect, widths: tuple[float, ...]) -> "skia.Path":
    """Return the part of a box's border that is one side's: corners are cut aslant."""
    top, right, bottom, left = widths
    outer = [
        (rect.left, rect.top),
        (rect.right, rect.top),
        (rect.right, rect.bottom),
        (rect.left, rect.bottom),
    ]
    inner = [
        (rect.left + left, rect.top + top),
        (rect.right - right, rect.top + top),
        (rect.right - right, rect.bottom - bottom),
        (rect.left + left, rect.bottom - bottom),
    ]
    after = (side + 1) % 4
    points = (outer[side], outer[after], inner[after], inner[side])
    return skia.Path.Polygon([skia.Point(*point) for point in points], True)


def _draw_dashes(canvas: "skia.Canvas", style: Style, rect: Rect, color: Color) -> None:
    width = style.borders[0]
    is_dotted = style.border_style[0] == "dotted"
    dash = [0.001, 2 * width] if is_dotted else [2 * width, width]
    paint = skia.Paint(
        Color=skia_color(color),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        PathEffect=skia.DashPathEffect.Make(dash, 0.0),
        StrokeCap=skia.Paint.kRound_Cap if is_dotted else skia.Paint.kButt_Cap,
    )
    canvas.drawRRect(rounded(style, rect, (width / 2,) * 4), paint)
