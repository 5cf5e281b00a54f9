"""A page: read, styled and laid out once, then drawn as often as it is wanted."""

from collections.abc import Callable
from pathlib import Path

import skia

from vidgenie.core.geometry import Rect, Size
from vidgenie.core.timeline.graphic import Phase
from vidgenie.core.timeline.graphics.html import HtmlContent
from vidgenie.engine.paint.html import dom
from vidgenie.engine.paint.html.block import lay_block
from vidgenie.engine.paint.html.boxes import Box, Builder
from vidgenie.engine.paint.html.cascade import Cascade
from vidgenie.engine.paint.html.draw import draw_box, inks
from vidgenie.engine.paint.html.letters import Fonts
from vidgenie.engine.paint.html.style import Style
from vidgenie.engine.paint.raster import skia_color
from vidgenie.engine.pool import FramePool

SIDES = {0.0: "-webkit-left", 0.5: "-webkit-center", 1.0: "-webkit-right"}


class HtmlDrawing:
    """A page laid out in its box; what does not fit is cut off."""

    def __init__(self, content: HtmlContent, path_of: Callable[[str], Path]) -> None:
        self._content = content
        self.root = page(content, Fonts(content.fonts, path_of))
        self._ink = self._inked()

    @property
    def ink(self) -> Rect:
        """The part of the box that may have ink."""
        return self._ink

    def _inked(self) -> Rect:
        box = Rect.of(self._content.box)
        if self._content.background is not None:
            return box
        rects = list(inks(self.root, 0.0, 0.0))
        if not rects:
            return Rect(0.0, 0.0, 0.0, 0.0)
        left = max(0.0, min(rect.left for rect in rects))
        top = max(0.0, min(rect.top for rect in rects))
        right = min(box.width, max(rect.right for rect in rects))
        bottom = min(box.height, max(rect.bottom for rect in rects))
        return Rect(left, top, max(0.0, right - left), max(0.0, bottom - top))

    def draw(self, canvas: "skia.Canvas") -> None:
        """Draw the background, then the page."""
        content = self._content
        canvas.save()
        box = skia.Rect.MakeWH(content.box.width, content.box.height)
        canvas.clipRect(box, skia.ClipOp.kIntersect, True)
        if content.background is not None:
            canvas.drawRect(box, skia.Paint(Color=skia_color(content.background)))
        draw_box(canvas, self.root, 0.0, 0.0)
        canvas.restore()


def html_drawing(content: HtmlContent, _: Phase, pool: FramePool) -> HtmlDrawing:
    """Return a page, laid out."""
    return HtmlDrawing(content, pool.path)


def page(content: HtmlContent, fonts: Fonts) -> Box:
    """Return a page's boxes, laid out within the asset's box.

    The root box is as large as the asset's; within it the body lies where `anchor` says. Margins at
    the content's very top and bottom count, but give way where there is no room for them.
    """
    element = dom.parse(content.html)
    css = f"{content.css}\n{dom.style_sheets(element)}"
    dom.prune(element)
    size = content.box
    initial = Style(text_align=SIDES[content.anchor[0]])
    builder = Builder(Cascade(css), (float(size.width), float(size.height)), fonts)
    root = builder.root(element, initial)
    laid = lay_block(root, float(size.width))
    spare = max(0.0, size.height - root.height)
    top, bottom = max(0.0, laid.top.value), max(0.0, laid.bottom.value)
    if top + bottom > spare:
        share = spare / (top + bottom)
        top, bottom = top * share, bottom * share
    root.y = top + content.anchor[1] * (size.height - root.height - top - bottom)
    return _grounded(root, size)


def _grounded(root: Box, size: Size) -> Box:
    """Return a box as large as the page that takes over the root's or the body's background."""
    ground = Box(Style(display="block"), "block", [root])
    ground.width, ground.height = float(size.width), float(size.height)
    bodies = [box for box in root.blocks if box.kind != "inline"]
    for box in (root, *bodies[:1]):
        style = box.style
        if style.background_color.a or style.background_image is not None:
            ground.style.background_color = style.background_color
            ground.style.background_image = style.background_image
            style.background_color, style.background_image = Style().background_color, None
            break
    return ground
