"""Text in a box: laid out once, drawn at the frame's own resolution under any map."""

import skia

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphic import Phase
from vidgenie.core.timeline.model import TextContent, TextStyle
from vidgenie.engine.paint.fonts import shelf
from vidgenie.engine.paint.raster import skia_color
from vidgenie.engine.pool import FramePool

_layout = skia.textlayout

OVERHANG = 0.6
"""How far ink may reach beyond a line's advance and height, in font sizes: italics, accents."""

_ALIGN = {
    "left": _layout.TextAlign.kLeft,
    "center": _layout.TextAlign.kCenter,
    "right": _layout.TextAlign.kRight,
}


class TextLayout:
    """A text broken into lines within its box."""

    def __init__(self, content: TextContent) -> None:
        style, box = content.style, content.box
        self._content = content
        self._paragraph = _paragraph(content.text, style)
        self._left = style.padding_px
        self._width = max(1.0, box.width - 2 * style.padding_px)
        self._paragraph.layout(self._width)
        height = self._paragraph.Height
        room = box.height - 2 * style.padding_px
        share = {"top": 0.0, "center": 0.5, "bottom": 1.0}[style.vertical]
        self._top = style.padding_px + (room - height) * share

    def draw(self, canvas: "skia.Canvas") -> None:
        """Draw into the box's own coordinates; what does not fit is cut off."""
        content = self._content
        box = skia.Rect.MakeWH(content.box.width, content.box.height)
        if content.style.background is not None:
            radius = content.style.radius_px
            paint = skia.Paint(Color=skia_color(content.style.background), AntiAlias=True)
            canvas.drawRoundRect(box, radius, radius, paint)
        canvas.save()
        canvas.clipRect(box, skia.ClipOp.kIntersect, True)
        self._paragraph.paint(canvas, self._left, self._top)
        canvas.restore()

    @property
    def ink(self) -> Rect:
        """The part of the box that may have ink: what lies outside it is empty."""
        content, box = self._content, Rect.of(self._content.box)
        if content.style.background is not None:
            return box
        spare = content.style.size_px * OVERHANG
        longest = min(self._width, self._paragraph.LongestLine)
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[content.style.horizontal]
        left = max(0.0, self._left + (self._width - longest) * share - spare)
        top = max(0.0, self._top - spare)
        right = min(box.width, left + longest + 2 * spare)
        bottom = min(box.height, self._top + self._paragraph.Height + spare)
        return Rect(left, top, max(0.0, right - left), max(0.0, bottom - top))


def text_drawing(content: TextContent, _: Phase, __: FramePool) -> TextLayout:
    """Return a text, laid out."""
    return TextLayout(content)


def _paragraph(text: str, style: TextStyle) -> "skia.textlayout.Paragraph":
    fonts = shelf()
    weight = style.weight
    face = fonts.face(style.family, weight)
    letters = _layout.TextStyle()
    letters.setFontFamilies([face, fonts.face("Open Sans", weight)])
    letters.setFontStyle(skia.FontStyle(weight, 5, skia.FontStyle.kUpright_Slant))
    letters.setFontSize(style.size_px)
    letters.setColor(skia_color(style.color))
    if style.line_height != 1.0:
        letters.setHeight(style.line_height)
        letters.setHeightOverride(True)
        letters.setHalfLeading(True)
    paragraph = _layout.ParagraphStyle()
    paragraph.setTextStyle(letters)
    paragraph.setTextAlign(_ALIGN[style.horizontal])
    builder = _layout.ParagraphBuilder.make(paragraph, fonts.collection, fonts.unicode)
    builder.pushStyle(letters)
    builder.addText(text)
    return builder.Build()
