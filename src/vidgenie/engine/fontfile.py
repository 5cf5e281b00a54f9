"""What a font file is: its names, its weight, its slant. Runs where untrusted bytes may be read."""

import struct
from pathlib import Path

import skia
import uharfbuzz as hb

from vidgenie.core.timeline.facts import FontFacts
from vidgenie.errors import AssetUnsupported

KINDS = frozenset({"ttf", "otf", "ttc"})
"""Font files that can be used; web fonts (WOFF) are packed forms of these."""

SIZE_MAX = 64 << 20
"""Bytes: twice the largest font known, Noto Sans CJK with all its weights."""

NAME_MAX = 200
"""Characters of a name that are kept."""

_FAMILY, _FULL_NAME, _TYPOGRAPHIC_FAMILY = 1, 4, 16
_WEIGHT_AT, _STYLE_AT = 4, 62  # usWeightClass and fsSelection (OpenType, OS/2)


def font_facts(path: Path) -> FontFacts:
    """Find out what a font file calls itself.

    Raises: AssetUnsupported for a file that no text can be set in.
    """
    if path.stat().st_size > SIZE_MAX:
        raise AssetUnsupported(f"The font is larger than {SIZE_MAX >> 20} MB.")
    face = hb.Face(hb.Blob.from_file_path(str(path)))
    try:
        face.table_tags, face.axis_infos  # noqa: B018  # read here, where it may still be refused
    except UnicodeDecodeError as error:
        raise AssetUnsupported("The font is damaged: its tables have no names.") from error
    typeface = skia.FontMgr.New_Custom_Empty().makeFromFile(str(path))
    if typeface is None or face.glyph_count < 2 or not len(face.unicodes):
        raise AssetUnsupported("The font is damaged, or has no letters in it.")
    family = _name(face, _TYPOGRAPHIC_FAMILY) or _name(face, _FAMILY) or typeface.getFamilyName()
    weight, is_italic = _style(face)
    return FontFacts(
        family=family[:NAME_MAX],
        full_name=(_name(face, _FULL_NAME) or family)[:NAME_MAX],
        weight=weight,
        is_italic=is_italic,
    )


def _name(face: "hb.Face", number: int) -> str:
    return face.get_name(number) or ""


def _style(face: "hb.Face") -> tuple[int, bool]:
    """Return the weight and slant that the table OS/2 tells; upright and regular without one."""
    table = face.reference_table("OS/2").data
    if table is None or len(table) < _STYLE_AT + 2:
        return 400, False
    (weight,) = struct.unpack_from(">H", table, _WEIGHT_AT)
    (selection,) = struct.unpack_from(">H", table, _STYLE_AT)
    return min(max(weight, 1), 1000), bool(selection & 1)
