"""From an `svg` asset to a drawing at its own size, or at its clip's."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from vidgenie.core.edit.limits import SIDE_MAX
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.graphic import Graphic

if TYPE_CHECKING:
    from vidgenie.core.edit.model import Clip
    from vidgenie.core.timeline.graphics.scene import Scene

_ROOT = re.compile(r"<svg\b[^>]*>", re.IGNORECASE | re.DOTALL)
_LENGTH = r"\s*=\s*[\"']\s*([0-9]*\.?[0-9]+(?:e[0-9]+)?)\s*(px|pt|pc|mm|cm|in)?\s*[\"']"
_VIEW_BOX = re.compile(r"""\bviewBox\s*=\s*["']([^"']*)["']""")

PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
"""CSS pixels in a unit (CSS Values 4 §6.2)."""


@dataclass(frozen=True, slots=True)
class SvgContent(Graphic):
    """SVG markup, laid into its box as `preserveAspectRatio` says."""

    kind: ClassVar[str] = "svg"

    box: Size
    markup: str


def from_svg(clip: "Clip", scene: "Scene") -> SvgContent:
    """Return an svg asset's graphic.

    Its box is the clip's `width` and `height`; where one is missing, the drawing's own size in that
    direction, kept in proportion when only the other is given.
    """
    # Here: who paints the content, in a child, reads no document.
    from vidgenie.core.edit.model import SvgAsset

    asset = clip.asset
    assert isinstance(asset, SvgAsset), asset
    own_width, own_height = natural_size(asset.src, scene.frame)
    width, height = clip.width, clip.height
    if width and not height:
        height = own_height * width / own_width
    elif height and not width:
        width = own_width * height / own_height
    width, height = width or own_width, height or own_height
    return SvgContent(Size(_side(width), _side(height)), asset.src)


def _side(length: float) -> int:
    return max(1, min(SIDE_MAX, round(length)))


def natural_size(markup: str, frame: Size) -> tuple[float, float]:
    """Return a drawing's width and height in pixels: its own, its viewBox's, or the frame's."""
    root = _ROOT.search(markup)
    head = root.group(0) if root else ""
    view = _view_box(head)
    width, height = _length("width", head), _length("height", head)
    if view and width and not height:
        height = width * view[1] / view[0]
    elif view and height and not width:
        width = height * view[0] / view[1]
    elif view and not width and not height:
        return view
    return width or float(frame.width), height or float(frame.height)


def _length(name: str, head: str) -> float | None:
    found = re.search(rf"(?<![\w-]){name}{_LENGTH}", head)
    if found is None:
        return None
    length = float(found.group(1)) * PIXELS[found.group(2) or ""]
    return length if 0 < length < 1e6 else None


def _view_box(head: str) -> tuple[float, float] | None:
    found = _VIEW_BOX.search(head)
    if found is None:
        return None
    try:
        numbers = [float(word) for word in re.split(r"[\s,]+", found.group(1).strip())]
    except ValueError:
        return None
    if len(numbers) != 4 or not all(0 < side < 1e6 for side in numbers[2:]):
        return None
    return numbers[2], numbers[3]
