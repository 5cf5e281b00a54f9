"""Boxes drawn: shadows, backgrounds, borders, then letters and the lines along them."""

from collections.abc import Iterator
from math import cos, radians, sin

import skia

from vidgenie.core.geometry import Rect
from vidgenie.engine.paint.html.borders import draw_borders, rounded
from vidgenie.engine.paint.html.boxes import Box
from vidgenie.engine.paint.html.inline import Fragment, Line, atom_reach
from vidgenie.engine.paint.html.letters import advance, ascent_descent, draw_text
from vidgenie.engine.paint.html.style import Decoration, Gradient, Shadow, Style
from vidgenie.engine.paint.html.values import resolved
from vidgenie.engine.paint.raster import skia_color

MARKER_GAP = 8.0
"""Pixels between a bullet and its item, as in Blink (layout/list/list_marker.cc)."""

OVERHANG = 0.6
"""How far ink may reach beyond a line, in font sizes: italics, accents."""


def draw_box(canvas: "skia.Canvas", box: Box, x: float, y: float) -> None:
    """Draw a box whose parent's border box begins at (x, y), and all in it."""
    x, y = x + box.x, y + box.y
    rect = Rect(x, y, box.width, box.height)
    style = box.style
    if style.opacity <= 0:
        return
    depth = canvas.save()
    if style.opacity < 1:
        canvas.saveLayerAlpha(None, round(style.opacity * 255))
    if style.visibility == "visible":
        _ground(canvas, style, rect)
    if style.overflow != "visible":
        canvas.clipRRect(rounded(style, rect), skia.ClipOp.kIntersect, True)
    for child in box.blocks:
        if not child.is_inline:
            draw_box(canvas, child, x, y)
    for number, line in enumerate(box.lines):
        if number == 0 and box.marker:
            _marker(canvas, box, line, (x, y))
        _draw_line(canvas, line, x + line.x, y + line.y)
    if box.marker and not box.lines:
        inner = _first_line(box, x, y)
        if inner is not None:
            _marker(canvas, box, inner[0], (x, inner[1]))
    canvas.restoreToCount(depth)


def _first_line(box: Box, x: float, y: float) -> tuple[Line, float] | None:
    for child in box.blocks:
        if child.lines:
            return child.lines[0], y + child.y
        found = _first_line(child, x, y + child.y)
        if found is not None:
            return found
    return None


def _ground(canvas: "skia.Canvas", style: Style, rect: Rect) -> None:
    """Draw what lies under a box's content."""
    if rect.width <= 0 or rect.height <= 0:
        return
    shape = rounded(style, rect)
    for shadow in reversed(style.box_shadow):
        paint = skia.Paint(Color=skia_color(shadow.color), AntiAlias=True)
        if shadow.blur:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, shadow.blur / 2))
        canvas.save()
        canvas.clipRRect(shape, skia.ClipOp.kDifference, True)
        canvas.translate(shadow.x, shadow.y)
        canvas.drawRRect(shape, paint)
        canvas.restore()
    fill(canvas, style, shape, rect)
    draw_borders(canvas, style, rect)


def fill(canvas: "skia.Canvas", style: Style, shape: "skia.RRect", rect: Rect) -> None:
    """Draw a box's colour, and its gradient over it."""
    if style.background_color.a:
        paint = skia.Paint(Color=skia_color(style.background_color), AntiAlias=True)
        canvas.drawRRect(shape, paint)
    if style.background_image is not None:
        shader = _shader(style.background_image, rect)
        canvas.drawRRect(shape, skia.Paint(Shader=shader, AntiAlias=True))


def _shader(gradient: Gradient, rect: Rect) -> "skia.Shader":
    """Return a gradient's colours over a box (CSS Images 3 §3.1)."""
    if gradient.corner is None:
        angle = radians(gradient.angle)
        across, down = sin(angle), -cos(angle)
    else:
        # Towards a corner the line of half way runs through the other two corners.
        across, down = gradient.corner[0] * rect.height, gradient.corner[1] * rect.width
        size = (across**2 + down**2) ** 0.5 or 1.0
        across, down = across / size, down / size
    half = (abs(across) * rect.width + abs(down) * rect.height) / 2
    middle = (rect.left + rect.width / 2, rect.top + rect.height / 2)
    ends = [
        skia.Point(middle[0] + sign * across * half, middle[1] + sign * down * half)
        for sign in (-1, 1)
    ]
    colors = [skia_color(color) for color, _ in gradient.stops]
    return skia.GradientShader.MakeLinear(ends, colors, _places(gradient, 2 * half))


def _places(gradient: Gradient, whole: float) -> list[float]:
    """Return where each colour stands, 0 to 1, those without a place spread between the others."""
    places: list[float | None] = []
    for _, place in gradient.stops:
        found = resolved(place, whole)
        places.append(None if found is None else found / (whole or 1.0))
    places[0] = places[0] if places[0] is not None else 0.0
    places[-1] = places[-1] if places[-1] is not None else 1.0
    made: list[float] = []
    for index, place in enumerate(places):
        if place is None:
            after = next(i for i in range(index, len(places)) if places[i] is not None)
            end = places[after]
            assert end is not None
            place = made[-1] + (end - made[-1]) / (after - index + 1)
        made.append(max(place, made[-1] if made else place))
    return made


def _marker(canvas: "skia.Canvas", box: Box, line: Line, at: tuple[float, float]) -> None:
    """Draw a list item's bullet or number before its first line."""
    style = box.style
    left, base = at[0], at[1] + line.y + line.baseline
    if box.marker not in ("disc", "circle", "square"):
        width = advance(box.marker, style)
        draw_text(canvas, box.marker, style, (left - width, base), style.color)
        return
    above, _ = ascent_descent(style)
    offset = above * 2 / 3
    size = (above * 2 / 3 + 1) / 2
    rect = skia.Rect.MakeXYWH(
        left - offset - MARKER_GAP, base - above + 3 * (above - offset) / 2, size, size
    )
    paint = skia.Paint(Color=skia_color(style.color), AntiAlias=True)
    if box.marker == "square":
        canvas.drawRect(rect, paint)
        return
    if box.marker == "circle":
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(1.0)
        rect.inset(0.5, 0.5)
    canvas.drawOval(rect, paint)


def _draw_line(canvas: "skia.Canvas", line: Line, x: float, y: float) -> None:
    base = y + line.baseline
    for box, rect in _inline_rects(line, x, base):
        if box.style.visibility == "visible":
            _ground(canvas, box.style, rect)
    for fragment in line.fragments:
        piece, left = fragment.piece, x + fragment.x
        if piece.atom is not None:
            margin = piece.style.margin
            above = resolved(margin[0], piece.atom.width) or 0.0
            top = base - fragment.raised - atom_reach(piece.atom)[0] + above
            inset = resolved(margin[3], piece.atom.width) or 0.0
            draw_box(canvas, piece.atom, left + inset, top)
        elif piece.text and piece.style.visibility == "visible":
            _draw_letters(canvas, fragment, left, base - fragment.raised)


def _inline_rects(line: Line, x: float, base: float) -> Iterator[tuple[Box, Rect]]:
    """Yield the boxes within a line and where each lies, the outer ones first."""
    found: dict[int, tuple[Box, list[Fragment]]] = {}
    for fragment in line.fragments:
        for box in fragment.piece.stack:
            found.setdefault(id(box), (box, []))[1].append(fragment)
    for box, fragments in found.values():
        style = box.style
        if not (style.background_color.a or style.background_image or any(style.borders)):
            continue
        first, last = fragments[0], fragments[-1]
        left, right = first.x, last.x + last.width
        if first.piece.is_opening and first.piece.stack[-1] is box:
            left += resolved(style.margin[3], 0.0) or 0.0
        if not last.piece.text and not last.piece.is_opening and last.piece.stack[-1] is box:
            right -= resolved(style.margin[1], 0.0) or 0.0
        own = next((each for each in fragments if each.piece.stack[-1] is box), first)
        above, below = ascent_descent(style)
        edges = box.inner_edges(0.0)
        top = base - own.raised - above - edges[0]
        height = above + below + edges[0] + edges[2]
        yield box, Rect(x + left, top, right - left, height)


def _draw_letters(canvas: "skia.Canvas", fragment: Fragment, x: float, base: float) -> None:
    piece = fragment.piece
    style = piece.style
    for shadow in reversed(style.text_shadow):
        _draw_shadow(canvas, fragment, (x, base), shadow)
    under = [each for each in style.text_decoration if each.line != "line-through"]
    for decoration in under:
        _draw_decoration(canvas, decoration, style, Rect(x, base, fragment.width, 0.0))
    draw_text(canvas, piece.text, style, (x, base), style.color)
    for decoration in style.text_decoration:
        if decoration.line == "line-through":
            _draw_decoration(canvas, decoration, style, Rect(x, base, fragment.width, 0.0))


def _draw_shadow(
    canvas: "skia.Canvas", fragment: Fragment, place: tuple[float, float], shadow: Shadow
) -> None:
    x, y = place[0] + shadow.x, place[1] + shadow.y
    if shadow.blur:
        # The blur of CSS is twice its standard deviation (CSS Text Decoration 3 §4).
        blur = skia.ImageFilters.Blur(shadow.blur / 2, shadow.blur / 2)
        canvas.saveLayer(None, skia.Paint(ImageFilter=blur))
    draw_text(canvas, fragment.piece.text, fragment.piece.style, (x, y), shadow.color)
    if shadow.blur:
        canvas.restore()


def _draw_decoration(canvas: "skia.Canvas", decoration: Decoration, style: Style, at: Rect) -> None:
    """Draw a line along a text; `at` begins on its baseline. Places as in Blink."""
    thick = max(1.0, style.font_size / 10)
    above, _ = ascent_descent(style)
    match decoration.line:
        case "underline":
            top = at.top + max(1.0, -(-thick // 2))
        case "overline":
            top = at.top - above - thick / 2
        case _:
            top = at.top - above / 3 - thick / 2
    paint = skia.Paint(Color=skia_color(decoration.color), AntiAlias=True)
    if decoration.style in ("dashed", "dotted"):
        is_dotted = decoration.style == "dotted"
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(thick)
        dash = [0.001, 2 * thick] if is_dotted else [2 * thick, thick]
        paint.setStrokeCap(skia.Paint.kRound_Cap if is_dotted else skia.Paint.kButt_Cap)
        paint.setPathEffect(skia.DashPathEffect.Make(dash, 0.0))
        middle = top + thick / 2
        canvas.drawLine(at.left, middle, at.left + at.width, middle, paint)
        return
    canvas.drawRect(skia.Rect.MakeXYWH(at.left, top, at.width, thick), paint)
    if decoration.style == "double":
        canvas.drawRect(skia.Rect.MakeXYWH(at.left, top + 2 * thick, at.width, thick), paint)


def inks(box: Box, x: float, y: float) -> Iterator[Rect]:
    """Yield rectangles that hold all ink of a box drawn at (x, y)."""
    x, y = x + box.x, y + box.y
    style = box.style
    if style.background_color.a or style.background_image or any(style.borders) or style.box_shadow:
        spare = max((abs(s.x) + abs(s.y) + 2 * s.blur for s in style.box_shadow), default=0.0)
        yield _grown(Rect(x, y, box.width, box.height), spare)
    for line in box.lines:
        yield from _line_inks(line, x + line.x, y + line.y)
        if box.marker:
            spare = style.font_size * (len(box.marker) + 1) + MARKER_GAP
            yield Rect(x - spare, y + line.y, spare, line.height)
    for child in box.blocks:
        if not child.is_inline:
            yield from inks(child, x, y)


def _line_inks(line: Line, x: float, y: float) -> Iterator[Rect]:
    for fragment in line.fragments:
        piece, left = fragment.piece, x + fragment.x
        base = y + line.baseline - fragment.raised
        if piece.atom is not None:
            yield from inks(piece.atom, left, base - atom_reach(piece.atom)[0])
        elif piece.text:
            style = piece.style
            above, below = ascent_descent(style)
            reach = [abs(s.x) + abs(s.y) + 1.5 * s.blur for s in style.text_shadow]
            spare = style.font_size * OVERHANG + max(reach, default=0.0)
            yield _grown(Rect(left, base - above, fragment.width, above + below), spare)
    for _, rect in _inline_rects(line, x, y + line.baseline):
        yield rect


def _grown(rect: Rect, spare: float) -> Rect:
    return Rect(
        rect.left - spare, rect.top - spare, rect.width + 2 * spare, rect.height + 2 * spare
    )
