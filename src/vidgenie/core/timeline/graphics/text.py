"""From a `text` asset to lettering."""

from vidgenie.core.color import Color
from vidgenie.core.edit.model import Clip, TextAsset, weight_of
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.model import TextContent, TextStyle


def from_text(clip: Clip, scene: Scene) -> TextContent:
    """Return a text asset's graphic."""
    asset = clip.asset
    assert isinstance(asset, TextAsset), asset
    return TextContent(asset.text, _style(asset), scene.box(clip, asset.width, asset.height))


def _style(asset: TextAsset) -> TextStyle:
    """Return how a text asset looks, the preview's defaults filled in (EDIT.md §10)."""
    font, background, alignment = asset.font, asset.background, asset.alignment
    color = Color.parse(font.color or "#ffffff")
    if font.opacity is not None:
        color = color.faded(font.opacity)
    fill = None
    if background is not None and background.color is not None:
        opacity = 1.0 if background.opacity is None else background.opacity
        fill = Color.parse(background.color).faded(opacity)
    return TextStyle(
        family=font.family or "Open Sans",
        size_px=float(font.size or 32),
        weight=weight_of(font.weight),
        color=color,
        line_height=font.line_height or 1.0,
        horizontal=alignment.horizontal or "center",
        vertical=alignment.vertical or "center",
        background=fill,
        padding_px=(background.padding or 0.0) if background else 0.0,
        radius_px=(background.border_radius or 0.0) if background else 0.0,
    )
