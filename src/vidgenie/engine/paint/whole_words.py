"""Letters made small enough that no word is torn: a title's longest word fits its box."""

from dataclasses import replace
from functools import lru_cache

from vidgenie.core.timeline.graphics.lettering import Lettering
from vidgenie.engine.lettering.block import lay_out
from vidgenie.engine.lettering.breaks import clean, pieces
from vidgenie.engine.lettering.shape import Setting
from vidgenie.engine.lettering.shelf import FontChoice

ROOM = 1e6
"""Pixels: wider than any word."""

SMALLEST = 0.4
"""How far letters are made smaller; a word that is still too long is torn."""


def setting_of(graphic: Lettering, choice: FontChoice) -> Setting:
    """Return how a lettering's letters are set."""
    letters = graphic.letters
    return Setting(
        choice,
        letters.size_px,
        letters.letter_spacing_px,
        letters.word_spacing_px,
        letters.line_height,
    )


@lru_cache(maxsize=256)
def with_whole_words(graphic: Lettering, choice: FontChoice) -> Lettering:
    """Return a lettering that `keeps_words` with its letters as large as its longest word lets."""
    if not graphic.keeps_words:
        return graphic
    setting = setting_of(graphic, choice)
    words = {word.strip() for word in pieces(clean(graphic.text))} - {""}
    blocks = [lay_out([(word, setting)], ROOM, "left") for word in words]
    widest = max((block.right - block.left for block in blocks), default=0.0)
    room = graphic.box.width - graphic.padding.left - graphic.padding.right
    if widest <= room:
        return graphic
    share = max(SMALLEST, room / widest)
    letters, outline = graphic.letters, graphic.outline
    return replace(
        graphic,
        letters=replace(
            letters,
            size_px=letters.size_px * share,
            letter_spacing_px=letters.letter_spacing_px * share,
        ),
        outline=outline and replace(outline, width_px=outline.width_px * share),
        plate=replace(graphic.plate, padding_px=graphic.plate.padding_px * share),
    )
