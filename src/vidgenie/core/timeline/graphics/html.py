"""From an `html` asset to a page in its box."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from vidgenie.core.color import Color
from vidgenie.core.geometry import ANCHORS, Size
from vidgenie.core.timeline.fonts import find_family, name_of_address
from vidgenie.core.timeline.graphic import Graphic

if TYPE_CHECKING:
    from vidgenie.core.edit.model import Clip, HtmlAsset
    from vidgenie.core.timeline.graphics.scene import Scene

_FAMILIES = re.compile(
    r"""font-family\s*:\s*((?:"[^"]*"|'[^']*'|[^;"'{}<>])+)|<font[^>]*\sface\s*=\s*["']([^"']+)""",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    {"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit", "initial"}
)
"""Families that mean any of a kind (CSS Fonts 4 §2.1.3)."""


def families_named(asset: "HtmlAsset") -> tuple[tuple[str, ...], ...]:
    """Return the lists of font families that a page names, each once, without generic ones.

    A rough reading, good enough to warn by: the page itself is read where it is painted.
    """
    found: dict[tuple[str, ...], None] = {}
    for text in (asset.css or "", asset.html):
        for match in _FAMILIES.finditer(text):
            names = (
                name.strip().strip("\"'").strip() for name in (match[1] or match[2]).split(",")
            )
            listed = tuple(name for name in names if name and name.isprintable())
            if listed and not any(name.lower() in _GENERIC for name in listed):
                found[listed] = None
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PageFont:
    """A font that the edit brings: its source, and by which names a style may mean it."""

    src: str
    names: tuple[str, ...]
    weight: int
    is_italic: bool

    def is_named(self, family: str) -> bool:
        """Tell whether a family means this font."""
        return find_family(family, self.names) is not None


@dataclass(frozen=True, slots=True)
class HtmlContent(Graphic):
    """Markup and style sheet; `anchor` is where in its box the page's content lies.

    The fractions of `anchor` are from the top left; across it counts for text without a
    `text-align` of its own.
    """

    kind: ClassVar[str] = "html"

    box: Size
    html: str
    css: str
    background: Color | None
    anchor: tuple[float, float]
    fonts: tuple[PageFont, ...] = ()


def from_html(clip: "Clip", scene: "Scene") -> HtmlContent:
    """Return an html asset's graphic."""
    # Here: who paints the content, in a child, reads no document.
    from vidgenie.core.edit.model import HtmlAsset

    asset = clip.asset
    assert isinstance(asset, HtmlAsset), asset
    return HtmlContent(
        box=scene.box(clip, asset.width, asset.height),
        html=asset.html,
        css=asset.css or "",
        background=Color.parse(asset.background) if asset.background else None,
        anchor=ANCHORS[asset.position or "center"],
        fonts=tuple(_fonts(scene)),
    )


def _fonts(scene: "Scene") -> Iterator[PageFont]:
    for src in scene.fonts:
        known = scene.facts[src].font if src in scene.facts else None
        if known is not None:
            names = (known.family, known.full_name, name_of_address(src))
            yield PageFont(src, names, known.weight, known.is_italic)
