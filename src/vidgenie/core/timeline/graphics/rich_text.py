"""From a `rich-text` asset to lettering."""

from typing import Literal

from vidgenie.core.color import Color
from vidgenie.core.edit.model import (
    Clip,
    RichTextAnimation,
    RichTextAsset,
    RichTextBackground,
    RichTextBorder,
    RichTextGradient,
    RichTextPadding,
    RichTextShadow,
    RichTextStroke,
    weight_of,
)
from vidgenie.core.timeline.graphics.appearing import Appearing
from vidgenie.core.timeline.graphics.lettering import (
    Edges,
    Gradient,
    Lettering,
    Letters,
    Outline,
    Plate,
    Shadow,
)
from vidgenie.core.timeline.graphics.scene import Scene

APPEARS_S = 1.0
"""How long an animation takes that does not say so."""

WRAP_PADDING = 0.12
"""What a plate leaves round its text where nothing is said, in font sizes (EDIT.md §4)."""


def from_rich_text(clip: Clip, scene: Scene) -> Lettering:
    """Return a rich text's graphic: its box is the clip's, else the frame."""
    asset = clip.asset
    assert isinstance(asset, RichTextAsset), asset
    plate = plate_of(asset.background, asset.border, asset.font.size)
    return Lettering(
        text=cased(asset.text, asset.style.text_transform),
        box=scene.box(clip),
        letters=_letters(asset, scene),
        outline=outline_of(asset.stroke or asset.font.stroke, asset.font.opacity),
        shadow=shadow_of(asset.shadow),
        gradient=gradient_of(asset.style.gradient, asset.font.opacity),
        highlight=None
        if asset.font.background is None
        else Color.parse(asset.font.background).faded(asset.font.opacity),
        plate=plate,
        padding=_edges(RichTextPadding.of(asset.padding), plate),
        horizontal=asset.align.horizontal,
        vertical=vertical_of(asset.align.vertical),
        appearing=_appearing(asset.animation),
    )


def _edges(padding: RichTextPadding, plate: Plate) -> Edges:
    """Return what is kept free in the box: a plate round the lines lies within it, too."""
    more = 0.0
    if plate.wraps and (plate.color is not None or plate.border is not None):
        more = plate.padding_px + (plate.border.width_px if plate.border is not None else 0.0)
    sides = (padding.top, padding.right, padding.bottom, padding.left)
    return Edges(*(side + more for side in sides))


def cased(text: str, transform: str) -> str:
    """Return a text in the wanted case; `capitalize` raises each word's first letter only."""
    if transform == "uppercase":
        return text.upper()
    if transform == "lowercase":
        return text.lower()
    if transform != "capitalize":
        return text
    made = []
    is_begin = True
    for letter in text:
        made.append(letter.title() if is_begin and letter.isalnum() else letter)
        is_begin = letter.isspace() or (is_begin and not letter.isalnum()) or letter == "-"
    return "".join(made)


def vertical_of(value: str) -> Literal["top", "center", "bottom"]:
    """Return a vertical place in our words."""
    return "top" if value == "top" else "bottom" if value == "bottom" else "center"


def _letters(asset: RichTextAsset, scene: Scene) -> Letters:
    font, style = asset.font, asset.style
    weight = weight_of(font.weight)
    is_italic = font.style == "italic"
    return Letters(
        family=font.family,
        size_px=float(font.size),
        weight=weight,
        is_italic=is_italic,
        color=Color.parse(font.color).faded(font.opacity),
        line_height=style.line_height,
        letter_spacing_px=style.letter_spacing,
        word_spacing_px=style.word_spacing,
        decoration=style.text_decoration,
        source=scene.font(font.family, weight, is_italic=is_italic),
    )


def outline_of(stroke: RichTextStroke | None, opacity: float) -> Outline | None:
    """Return a stroke as it is drawn; None for nothing."""
    if stroke is None or stroke.width <= 0:
        return None
    return Outline(stroke.width, Color.parse(stroke.color).faded(stroke.opacity * opacity))


def shadow_of(shadow: RichTextShadow | None) -> Shadow | None:
    """Return a shadow as it is drawn; None for nothing."""
    if shadow is None or shadow.opacity <= 0:
        return None
    color = Color.parse(shadow.color).faded(shadow.opacity)
    return Shadow(shadow.offset_x, shadow.offset_y, shadow.blur, color)


def gradient_of(gradient: RichTextGradient | None, opacity: float) -> Gradient | None:
    """Return a gradient, its stops in order."""
    if gradient is None:
        return None
    stops = sorted(
        ((stop.offset, Color.parse(stop.color).faded(opacity)) for stop in gradient.stops),
        key=lambda stop: stop[0],
    )
    return Gradient(gradient.type, gradient.angle, tuple(stops))


def plate_of(
    ground: RichTextBackground | None, border: RichTextBorder | None, size_px: float
) -> Plate:
    """Return the ground behind a text."""
    color = None
    if ground is not None and ground.color is not None:
        color = Color.parse(ground.color).faded(ground.opacity)
    line = None
    if border is not None and border.width > 0:
        line = Outline(border.width, Color.parse(border.color).faded(border.opacity))
    radius = max(ground.border_radius if ground else 0.0, border.radius if border else 0.0)
    wraps = ground is not None and ground.wrap
    padding = 0.0
    if ground is not None and wraps:
        padding = size_px * WRAP_PADDING if ground.padding is None else ground.padding
    return Plate(color, radius, wraps, padding, line)


def _appearing(animation: RichTextAnimation | None) -> Appearing | None:
    if animation is None:
        return None
    preset = animation.preset
    by: Literal["character", "word", "line"] = animation.style or "character"
    if animation.style is None and preset == "ascend":
        by = "word"
    if preset in ("fadeIn", "slideIn"):
        by = "line"
    default: Literal["left", "up"] = "left" if preset == "slideIn" else "up"
    duration = animation.duration or APPEARS_S
    return Appearing(preset, duration, by, animation.direction or default)
