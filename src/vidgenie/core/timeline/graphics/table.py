"""Which asset becomes which graphic: one line per kind of asset."""

from collections.abc import Callable, Mapping

from vidgenie.core.edit.model import Clip
from vidgenie.core.timeline.graphic import Graphic
from vidgenie.core.timeline.graphics.caption import from_caption, from_rich_caption
from vidgenie.core.timeline.graphics.html import from_html
from vidgenie.core.timeline.graphics.lottie import from_lottie
from vidgenie.core.timeline.graphics.rich_text import from_rich_text
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.graphics.shape import from_shape
from vidgenie.core.timeline.graphics.svg import from_svg
from vidgenie.core.timeline.graphics.text import from_text
from vidgenie.core.timeline.graphics.title import from_title

GRAPHICS: Mapping[str, Callable[[Clip, Scene], Graphic]] = {
    "caption": from_caption,
    "rich-caption": from_rich_caption,
    "rich-text": from_rich_text,
    "html": from_html,
    "lottie": from_lottie,
    "shape": from_shape,
    "svg": from_svg,
    "text": from_text,
    "title": from_title,
}
"""By an asset's `type`: `(clip, scene) -> Graphic`."""
