"""Which painter draws which kind of graphic: one line per kind.

A painter's module is loaded when the first graphic of its kind is drawn: an edit without letters
does not pay for the text machinery.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphic import Phase, Posed

if TYPE_CHECKING:
    import skia

    from vidgenie.engine.pool import FramePool

DRAWINGS_KEPT = 256
"""Laid-out graphics kept: still ones are drawn again for each frame of a moving layer."""

PAINTERS = {
    "captions": ("captions", "captions_drawing"),
    "html": ("html.page", "html_drawing"),
    "composition": ("composition", "composition_drawing"),
    "lottie": ("lottie.draw", "lottie_drawing"),
    "shape": ("shape", "shape_drawing"),
    "svg": ("svg", "svg_drawing"),
    "text": ("lettering", "lettering_drawing"),
}
"""Module of this room and function, by kind: `(graphic, phase, pool) -> Drawing`."""


class Drawing(Protocol):
    """A graphic at one phase, laid out, in the pixel space of its box."""

    @property
    def ink(self) -> Rect:
        """The part of the box that may have ink: what lies outside it is empty."""

    def draw(self, canvas: "skia.Canvas") -> None:
        """Draw it; nothing may be left behind on the canvas's stack."""


@lru_cache(maxsize=DRAWINGS_KEPT)
def drawing_of(posed: Posed, pool: "FramePool") -> Drawing:
    """Return a graphic's drawing, made once for as long as it is wanted."""
    module, name = PAINTERS[posed.kind]
    painter: Callable[[Any, Phase, Any], Drawing] = getattr(
        import_module(f"vidgenie.engine.paint.{module}"), name
    )
    return painter(posed.graphic, posed.phase, pool)
