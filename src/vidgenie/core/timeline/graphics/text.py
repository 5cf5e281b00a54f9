"""From a `text` asset to lettering, the preview's defaults filled in (EDIT.md §10)."""

from vidgenie.core.color import Color
from vidgenie.core.edit.model import Clip, TextAsset, weight_of
from vidgenie.core.timeline.graphics.appearing import Appearing
from vidgenie.core.timeline.graphics.lettering import Edges, Lettering, Letters, Outline, Plate
from vidgenie.core.timeline.graphics.scene import Scene

TYPEWRITER_S = 2.0
"""How long a typewriter types that does not say so."""


def from_text(clip: Clip, scene: Scene) -> Lettering:
    """Return a text asset's graphic."""
    asset = clip.asset
    assert isinstance(asset, TextAsset), asset
    ground = asset.background
    padding = (ground.padding or 0.0) if ground else 0.0
    return Lettering(
        text=asset.text,
        box=scene.box(clip, asset.width, asset.height),
        letters=_letters(asset, scene),
        outline=_outline(asset),
        plate=_plate(asset),
        padding=Edges(padding, padding, padding, padding),
        horizontal=asset.alignment.horizontal or "center",
        vertical=asset.alignment.vertical or "center",
        ellipsis=asset.ellipsis,
        appearing=_appearing(asset),
    )


def _letters(asset: TextAsset, scene: Scene) -> Letters:
    font = asset.font
    color = Color.parse(font.color or "#ffffff")
    family = font.family or "Open Sans"
    return Letters(
        family=family,
        size_px=float(font.size or 32),
        weight=weight_of(font.weight),
        color=color if font.opacity is None else color.faded(font.opacity),
        line_height=font.line_height or 1.0,
        source=scene.font(family, weight_of(font.weight)),
    )


def _plate(asset: TextAsset) -> Plate:
    ground = asset.background
    if ground is None or ground.color is None:
        return Plate()
    opacity = 1.0 if ground.opacity is None else ground.opacity
    return Plate(Color.parse(ground.color).faded(opacity), ground.border_radius or 0.0)


def _outline(asset: TextAsset) -> Outline | None:
    stroke = asset.stroke
    if stroke is None or not stroke.width:
        return None
    return Outline(stroke.width, Color.parse(stroke.color or "#000000"))


def _appearing(asset: TextAsset) -> Appearing | None:
    if asset.animation is None:
        return None
    return Appearing("typewriter", asset.animation.duration or TYPEWRITER_S)
