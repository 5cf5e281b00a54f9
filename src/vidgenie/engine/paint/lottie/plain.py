"""A Lottie document as its painter gets it: nothing of it leads outside, letters are outlines.

Pictures and fonts by address are taken out. Text whose glyphs were not exported with it is given
glyphs of the fonts at hand, as `chars` has them: outlines for a size of 100.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import skia

from vidgenie.core.lottie.document import each_object, is_embedded
from vidgenie.engine.lettering.faces import UNITS, Face
from vidgenie.engine.lettering.shelf import FontChoice, face_for, face_of_character

GLYPH_SIZE = 100.0
"""The size that a document's glyphs are drawn for."""

NUMBER_MAX = 100_000
"""Pixels, frames, degrees: beyond these an outline takes for ever to fill."""

CHARACTERS_MAX = 2_000
"""Different letters of one document that are given glyphs."""

_WEIGHTS = (
    ("thin", 100),
    ("extralight", 200),
    ("ultralight", 200),
    ("light", 300),
    ("medium", 500),
    ("semibold", 600),
    ("demibold", 600),
    ("extrabold", 800),
    ("ultrabold", 800),
    ("bold", 700),
    ("black", 900),
    ("heavy", 900),
)

Json = dict[str, Any]


def plain(document: Json) -> bytes:
    """Return a document as JSON that the painter can be given; it may be changed by this."""
    listed = document.get("assets")
    assets = listed if isinstance(listed, list) else []
    document["assets"] = [one for one in assets if isinstance(one, dict) and _is_inside(one)]
    _without_addresses(document)
    _with_glyphs(document)
    document = _bounded(document)
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def _bounded(value: Any) -> Any:
    """Return a value with its numbers within what the painter can reckon with."""
    if isinstance(value, dict):
        return {name: _bounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_bounded(one) for one in value]
    if isinstance(value, int | float) and not -NUMBER_MAX <= value <= NUMBER_MAX:
        return NUMBER_MAX if value > 0 else -NUMBER_MAX
    return value


def _is_inside(asset: Mapping[str, Any]) -> bool:
    return "layers" in asset or is_embedded(asset)


def _without_addresses(document: Json) -> None:
    for one in document["assets"]:
        one.pop("u", None)
    for font in _fonts(document):
        font.pop("fPath", None)
        font["origin"] = 0


def _fonts(document: Json) -> Iterator[Json]:
    fonts = document.get("fonts")
    listed = fonts.get("list") if isinstance(fonts, dict) else None
    yield from (
        one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)
    )


def _with_glyphs(document: Json) -> None:
    """Add the glyphs that texts need and the document has not."""
    listed = document.get("chars")
    chars = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    known = {(one.get("ch"), one.get("fFamily"), one.get("style")) for one in chars}
    fonts = {str(font.get("fName")): font for font in _fonts(document)}
    for name, letter in _letters(document):
        font = fonts.get(name)
        if font is None or len(known) > CHARACTERS_MAX:
            continue
        family, style = str(font.get("fFamily", "")), str(font.get("fStyle", ""))
        if (letter, family, style) not in known:
            known.add((letter, family, style))
            chars.append(_glyph(letter, family, style, font))
    if chars:
        document["chars"] = chars


def _letters(document: Json) -> Iterator[tuple[str, str]]:
    """Yield the letters of all texts, each with the name of its font, sorted."""
    found: set[tuple[str, str]] = set()
    for one in each_object(document):
        text, font = one.get("t"), one.get("f")
        if isinstance(text, str) and isinstance(font, str):
            found |= {(font, letter) for letter in text if letter.isprintable()}
    yield from sorted(found)


def _glyph(letter: str, family: str, style: str, font: Mapping[str, Any]) -> Json:
    weight, is_italic = _cut(style, font.get("fWeight"))
    face = face_for(FontChoice(family, weight, is_italic))
    face = face_of_character(letter, face, weight, "SC")
    glyph = face.shaper.get_nominal_glyph(ord(letter)) or 0
    path = face.outline(glyph, GLYPH_SIZE)
    return {
        "ch": letter,
        "size": GLYPH_SIZE,
        "style": style,
        "fFamily": family,
        "w": _advance(face, glyph),
        "data": {"shapes": [] if path is None else [{"ty": "gr", "it": list(_shapes(path))}]},
    }


def _advance(face: Face, glyph: int) -> float:
    return float(face.shaper.get_glyph_h_advance(glyph)) * GLYPH_SIZE / UNITS


def _cut(style: str, told: object) -> tuple[int, bool]:
    """Return weight and slant from a style's name: "SemiBold Italic"."""
    words = style.lower().replace(" ", "").replace("-", "")
    named = next((weight for word, weight in _WEIGHTS if word in words), 400)
    is_number = isinstance(told, str) and told.isdigit()
    weight = int(str(told)) if is_number and named == 400 else named
    return min(1000, max(1, weight)), "italic" in words or "oblique" in words


def _shapes(path: "skia.Path") -> Iterator[Json]:
    """Yield a glyph's contours: corners `v` with the ways in and out of them, `i` and `o`."""
    corners: list[list[float]] = []
    ins: list[list[float]] = []
    outs: list[list[float]] = []

    def shape() -> Json:
        bends = {"c": True, "v": list(corners), "i": list(ins), "o": list(outs)}
        return {"ty": "sh", "ks": {"a": 0, "k": bends}}

    for verb, points in path:
        at = [(float(point.x()), float(point.y())) for point in points]
        if verb == skia.Path.kMove_Verb:
            if corners:
                yield shape()
            corners, ins, outs = [list(at[0])], [[0.0, 0.0]], [[0.0, 0.0]]
        elif verb in (skia.Path.kLine_Verb, skia.Path.kQuad_Verb, skia.Path.kCubic_Verb):
            first, second = _handles(at)
            outs[-1] = list(first)
            corners.append(list(at[-1]))
            ins.append(list(second))
            outs.append([0.0, 0.0])
    if corners:
        yield shape()


Point = tuple[float, float]


def _handles(at: list[Point]) -> tuple[Point, Point]:
    """Return a curve's handles, from its begin and from its end; a line has none."""
    begin, end = at[0], at[-1]
    if len(at) == 2:
        return (0.0, 0.0), (0.0, 0.0)
    if len(at) == 3:
        share = 2 / 3
        pull = at[1]
        first = ((pull[0] - begin[0]) * share, (pull[1] - begin[1]) * share)
        second = ((pull[0] - end[0]) * share, (pull[1] - end[1]) * share)
        return first, second
    return (
        (at[1][0] - begin[0], at[1][1] - begin[1]),
        (at[2][0] - end[0], at[2][1] - end[1]),
    )
