"""From `caption` and `rich-caption` assets to captions, the preview's defaults filled in."""

from dataclasses import replace

from vidgenie.core.color import Color
from vidgenie.core.edit.model import (
    CaptionAsset,
    Clip,
    RichCaptionAsset,
    RichTextPadding,
    weight_of,
)
from vidgenie.core.timeline.facts import Cue, SpokenWord
from vidgenie.core.timeline.graphics.captions import Captions
from vidgenie.core.timeline.graphics.lettering import Edges, Lettering, Letters, Outline, Plate
from vidgenie.core.timeline.graphics.rich_text import (
    cased,
    gradient_of,
    outline_of,
    plate_of,
    shadow_of,
    vertical_of,
)
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.graphics.speech import (
    LETTER_WIDTH,
    Page,
    moved,
    pages_of_cues,
    pages_of_words,
    words_of,
)

ACTIVE = Color.parse("#ffd400")
"""The word just spoken, where an edit asks for it to be marked and does not say how."""

SIDE = 0.05
"""What captions leave free left and right, of the frame: they wrap at 90 % (EDIT.md §10)."""

TOP = 0.9
"""Where the text of captions begins, of the frame's height (EDIT.md §10)."""

PADDING_PX, RADIUS_PX, OPACITY = 10.0, 4.0, 0.8
"""The box behind captions (EDIT.md §10)."""


def from_caption(clip: Clip, scene: Scene) -> Captions:
    """Return plain captions: a page for each cue, or for words that belong together."""
    asset = clip.asset
    assert isinstance(asset, CaptionAsset), asset
    look = _plain_look(asset, clip, scene)
    cues = scene.cues(asset)
    if asset.words:
        letters = _letters_a_line(look)
        cues = tuple(
            Cue(page.start_s, page.end_s, page.text)
            for page in pages_of_words(words_of(cues)[0], letters)
        )
    pages = pages_of_cues(moved(cues, asset.trim, asset.speed))
    is_placed = asset.margin is not None and asset.margin.top is not None
    return Captions(look, pages, keeps_in=not is_placed)


def _plain_look(asset: CaptionAsset, clip: Clip, scene: Scene) -> Lettering:
    font, margin = asset.font, asset.margin
    box = scene.box(clip)
    family = font.family or "Open Sans"
    color = Color.parse(font.color or "#ffffff")
    opacity = 1.0 if font.opacity is None else font.opacity
    outline = None
    if font.stroke_width or (font.stroke is not None and font.stroke_width is None):
        line = Color.parse(font.stroke or "#000000").faded(opacity)
        outline = Outline(font.stroke_width or 1.0, line)
    top, left, right = (
        default if margin is None or (said := getattr(margin, name)) is None else said
        for name, default in (("top", TOP), ("left", SIDE), ("right", SIDE))
    )
    edges = Edges(box.height * top, box.width * right, 0.0, box.width * left)
    return Lettering(
        text="",
        box=box,
        letters=Letters(
            family=family,
            size_px=float(font.size or 32),
            color=color.faded(opacity),
            line_height=font.line_height or 1.2,
            source=scene.font(family, 400),
        ),
        outline=outline,
        plate=_plain_plate(asset),
        padding=edges,
        vertical="top",
    )


def _plain_plate(asset: CaptionAsset) -> Plate:
    ground = asset.background
    if ground is None:
        return Plate()
    color = Color.parse(ground.color or "#000000")
    opacity = OPACITY if ground.opacity is None else ground.opacity
    radius = RADIUS_PX if ground.border_radius is None else ground.border_radius
    padding = PADDING_PX if ground.padding is None else ground.padding
    return Plate(color.faded(opacity), radius, wraps=True, padding_px=padding)


def from_rich_caption(clip: Clip, scene: Scene) -> Captions:
    """Return captions whose words are marked, or come in, as they are spoken."""
    asset = clip.asset
    assert isinstance(asset, RichCaptionAsset), asset
    look = _rich_look(asset, clip, scene)
    style = asset.animation.style if asset.animation else "highlight"
    letters = _letters_a_line(look)
    groups = (
        (SpokenWord(cased(w.text, asset.style.text_transform), w.start_s, w.end_s) for w in group)
        for group in words_of(scene.cues(asset))
    )
    pages: list[Page] = []
    for group in groups:
        pages += pages_of_words(tuple(group), letters)
    pages.sort(key=lambda page: page.start_s)
    pages = [
        replace(page, end_s=min(page.end_s, following.start_s))
        for page, following in zip(pages, [*pages[1:], Page(1e9, 1e9, "")], strict=False)
    ]
    return Captions(
        look,
        tuple(pages),
        active=_active_look(asset, look, scene, is_marked=style in ("karaoke", "highlight")),
        style=style,
        direction=asset.animation.direction if asset.animation else "up",
    )


def _rich_look(asset: RichCaptionAsset, clip: Clip, scene: Scene) -> Lettering:
    font, style = asset.font, asset.style
    weight, is_italic = weight_of(font.weight), font.style == "italic"
    size = float(style.size or font.size)
    padding = RichTextPadding.of(asset.padding)
    highlight = None if font.background is None else Color.parse(font.background)
    return Lettering(
        text="",
        box=scene.box(clip),
        letters=Letters(
            family=font.family,
            size_px=size,
            weight=weight,
            is_italic=is_italic,
            color=Color.parse(font.color).faded(font.opacity),
            line_height=style.line_height,
            letter_spacing_px=style.letter_spacing,
            decoration=style.text_decoration,
            source=scene.font(font.family, weight, is_italic=is_italic),
        ),
        outline=outline_of(asset.stroke, font.opacity),
        shadow=shadow_of(asset.shadow),
        gradient=gradient_of(style.gradient, font.opacity),
        highlight=None if highlight is None else highlight.faded(font.opacity),
        plate=plate_of(asset.background, asset.border, size),
        padding=Edges(padding.top, padding.right, padding.bottom, padding.left),
        horizontal=asset.align.horizontal,
        vertical=vertical_of(asset.align.vertical),
    )


def _active_look(
    asset: RichCaptionAsset, look: Lettering, scene: Scene, *, is_marked: bool
) -> Lettering | None:
    """Return how the word just spoken looks; what nothing is said of is as the others'."""
    active = asset.active
    if active is None:
        if not is_marked:
            return None
        return replace(look, letters=replace(look.letters, color=ACTIVE), gradient=None)
    font, letters = active.font, look.letters
    gradient, highlight = look.gradient, look.highlight
    opacity = asset.font.opacity
    if font is not None:
        opacity = opacity if font.opacity is None else font.opacity
        family = font.family or letters.family
        weight = letters.weight if font.weight is None else weight_of(font.weight)
        letters = replace(
            letters,
            family=family,
            weight=weight,
            size_px=float(font.size or letters.size_px),
            color=Color.parse(font.color or asset.font.color).faded(opacity),
            decoration=font.text_decoration or letters.decoration,
            source=scene.font(family, weight, is_italic=letters.is_italic),
        )
        gradient = None if font.color is not None else gradient
        if font.background is not None:
            highlight = Color.parse(font.background).faded(opacity)
    outline, shadow = look.outline, look.shadow
    if active.stroke is not None:
        outline = None if active.stroke == "none" else outline_of(active.stroke, opacity)
    if active.shadow is not None:
        shadow = None if active.shadow == "none" else shadow_of(active.shadow)
    return replace(
        look,
        letters=letters,
        outline=outline,
        shadow=shadow,
        gradient=gradient,
        highlight=highlight,
    )


def _letters_a_line(look: Lettering) -> float:
    """Return about how many letters a line of the look holds."""
    room = look.box.width - look.padding.left - look.padding.right
    letter = look.letters.size_px * LETTER_WIDTH + look.letters.letter_spacing_px
    return room / max(1.0, letter)
