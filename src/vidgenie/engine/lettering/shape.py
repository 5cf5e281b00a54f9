"""From characters to glyphs: stretches of one face and one direction, shaped by HarfBuzz."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import category
from unicodedata import name as name_of

import uharfbuzz as hb

from vidgenie.engine.lettering.breaks import characters
from vidgenie.engine.lettering.faces import UNITS, Face
from vidgenie.engine.lettering.shelf import FontChoice, face_for, face_of_character

_SPACES = frozenset(" \u00a0\u3000")
_LANGUAGES = {"JP": "ja", "KR": "ko", "SC": "zh-Hans", "TC": "zh-Hant", "HK": "zh-Hant-HK"}


@dataclass(frozen=True, slots=True)
class Setting:
    """How letters are set; lengths in pixels.

    `line_height` counts in font sizes; None is what the font itself wants.
    """

    font: FontChoice = FontChoice()  # noqa: RUF009  # frozen
    size_px: float = 32.0
    letter_spacing_px: float = 0.0
    word_spacing_px: float = 0.0
    line_height: float | None = 1.2


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch `start` to `stop` of a paragraph that is shaped as one."""

    start: int
    stop: int
    face: Face
    setting: Setting
    part: int
    level: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Characters `start` to `stop` and the glyphs they became, that cannot be told apart.

    `glyphs` are (number, x, y), y downwards, from the cluster's left end on the baseline; `left` is
    where that stands in its line. `part` is the number of the style it is set in.
    """

    start: int
    stop: int
    left: float
    width: float
    glyphs: tuple[tuple[int, float, float], ...]
    face: Face
    size_px: float
    part: int

    def moved(self, start: int, left: float) -> "Cluster":
        """Return it with its characters counted from elsewhere, at a place of its line."""
        return replace(self, start=self.start + start, stop=self.stop + start, left=left)


def items_of(
    text: str, levels: Sequence[int], parts: Sequence[int], settings: Sequence[Setting], region: str
) -> Iterator[Item]:
    """Yield a paragraph's stretches in the order of its characters."""
    last: Item | None = None
    script = ""
    at = 0
    for character in characters(text):
        setting = settings[parts[at]]
        wanted = face_for(setting.font)
        face = face_of_character(character, wanted, setting.font.weight, region)
        face = face.at(setting.size_px)
        own = _script(character[0]) or script
        stop = at + len(character)
        joins = (
            last is not None
            and last.face is face
            and last.part == parts[at]
            and last.level == levels[at]
            and (own == script or not script)
        )
        script = own
        if last is not None and joins:
            last = replace(last, stop=stop)
        else:
            if last is not None:
                yield last
            last = Item(at, stop, face, setting, parts[at], levels[at])
        at = stop
    if last is not None:
        yield last


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """Return the script of a letter, by the first word of its name; "" for what all share."""
    if category(letter)[0] != "L":
        return ""
    word = name_of(letter, "").split(" ")[0].split("-")[0]
    return "CJK" if word in ("HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO") else word


def shaped(text: str, item: Item, region: str) -> list[Cluster]:
    """Return an item's clusters from left to right, each at left 0.

    Neighbouring characters are seen but not set: Arabic letters join across an item's ends.
    """
    buffer = hb.Buffer()
    buffer.add_codepoints([ord(letter) for letter in text], item.start, item.stop - item.start)
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_GRAPHEMES
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if item.level % 2 else "ltr"
    if item.face.key.path.name.startswith("NotoSansCJK"):
        buffer.language = _LANGUAGES[region]
    ligatures = item.setting.letter_spacing_px == 0
    features = {} if ligatures else {"liga": False, "clig": False}
    hb.shape(item.face.shaper, buffer, features)
    return list(_clusters(text, item, buffer))


def _clusters(text: str, item: Item, buffer: "hb.Buffer") -> Iterator[Cluster]:
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    firsts = sorted({info.cluster for info in infos})
    ends = dict(zip(firsts, firsts[1:] + [item.stop], strict=True))
    scale = item.setting.size_px / UNITS
    at = 0
    while at < len(infos):
        first = infos[at].cluster
        glyphs = []
        pen = 0.0
        while at < len(infos) and infos[at].cluster == first:
            place = positions[at]
            glyphs.append(
                (infos[at].codepoint, pen + place.x_offset * scale, -place.y_offset * scale)
            )
            pen += place.x_advance * scale
            at += 1
        extra = _spacing(text[first], item.setting)
        if extra and item.level % 2:
            glyphs = [(glyph, x + extra, y) for glyph, x, y in glyphs]
        yield Cluster(
            start=first,
            stop=ends[first],
            left=0.0,
            width=max(0.0, pen + extra),
            glyphs=tuple(glyphs),
            face=item.face,
            size_px=item.setting.size_px,
            part=item.part,
        )


def _spacing(letter: str, setting: Setting) -> float:
    return setting.letter_spacing_px + (setting.word_spacing_px if letter in _SPACES else 0.0)
