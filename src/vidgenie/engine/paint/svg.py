"""SVG: read and made plain for Skia, then drawn as vectors, sharp at any scale."""

from xml.etree.ElementTree import tostring

import skia

from vidgenie.core.edit.drawn import check_svg, svg_root
from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphic import Phase
from vidgenie.core.timeline.graphics.svg import SvgContent
from vidgenie.engine.paint.plain_svg import made_plain
from vidgenie.engine.pool import FramePool
from vidgenie.errors import ComposeError


class SvgDrawing:
    """A drawing in its box."""

    def __init__(self, content: SvgContent) -> None:
        try:
            root = svg_root(content.markup)
            check_svg(root)
        except ValueError as error:
            raise ComposeError(str(error)) from error
        made_plain(root)
        stream = skia.MemoryStream(tostring(root))
        self._dom = skia.SVGDOM.MakeFromStream(stream)
        if self._dom is None:
            raise ComposeError("The SVG cannot be read.")
        self._dom.setContainerSize(skia.Size(content.box.width, content.box.height))
        self._box = content.box

    @property
    def ink(self) -> Rect:
        """The whole box: where a drawing has ink is not known before it is drawn."""
        return Rect.of(self._box)

    def draw(self, canvas: "skia.Canvas") -> None:
        """Draw it into its box; what reaches beyond is cut off."""
        canvas.save()
        box = skia.Rect.MakeWH(self._box.width, self._box.height)
        canvas.clipRect(box, skia.ClipOp.kIntersect, True)
        self._dom.render(canvas)
        canvas.restore()


def svg_drawing(content: SvgContent, _: Phase, __: FramePool) -> SvgDrawing:
    """Return a drawing."""
    return SvgDrawing(content)
