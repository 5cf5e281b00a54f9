"""The shelf of faces: from a family's name and a weight to a face, and to others for what it lacks.

A character that the wanted face does not have is taken from the font of its script, an emoji from
the colour emoji font, whatever else has it after that. What nothing has is drawn as the wanted
face's own sign for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import name as name_of

from uniseg.emoji import extended_pictographic

from vidgenie.core.timeline.fonts import FALLBACK, FontName, find_family, substitute_for
from vidgenie.engine.lettering.faces import BOLD_FROM, Face, FaceKey, open_face
from vidgenie.engine.lettering.families import (
    FontFile,
    color_emoji,
    families,
    files_of,
    han_file,
    nearest,
    script_files,
)

_VARIATION_TEXT, _VARIATION_EMOJI, _KEYCAP = "\ufe0e", "\ufe0f", "\u20e3"
_IGNORED = frozenset("\u200b\u200c\u200d\u2060\ufeff\n") | {_VARIATION_TEXT, _VARIATION_EMOJI}

# Emoji_Presentation=Yes below U+1F000 (Unicode 16, emoji-data.txt); above it all pictographs are.
_SHOWN_AS_EMOJI = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)

_HAN_NAMES = (
    *("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH"),
    *("HALFWIDTH", "KANGXI", "CIRCLED", "PARENTHESIZED", "SQUARE"),
)
_OTHER_NAMES = {"ODIA": "oriya", "CANADIAN": "canadianaboriginal", "MYANMAR": "myanmar"}


@dataclass(frozen=True, slots=True)
class FontChoice:
    """A font as a style asks for it; `path` is the file of a font the edit brings itself."""

    family: str = FALLBACK
    weight: int = 400
    is_italic: bool = False
    path: Path | None = None


@lru_cache(maxsize=512)
def face_for(choice: FontChoice) -> Face:
    """Return the face that a style asks for, or the nearest there is.

    Raises: ComposeError for a font of the edit's own that cannot be read.
    """
    if choice.path is not None:
        return _opened(FontFile(choice.path, 0, (1, 1000)), choice.weight)
    found = named(choice.family) or FontName(FALLBACK)
    weight = found.weight or choice.weight
    is_italic = found.is_italic or choice.is_italic
    file = nearest(files_of(found.family), weight, is_italic=is_italic)
    return _opened(file, weight, is_slanted=is_italic and not file.is_italic)


def named(family: str) -> FontName | None:
    """Return which family at hand a name means, or its substitute; None for an unknown one."""
    found = find_family(family, families())
    if found is None and (other := substitute_for(family)) is not None:
        found = other if other.family in families() else None
    return found


def _opened(file: FontFile, weight: int, *, is_slanted: bool = False) -> Face:
    light, bold = file.weights
    within = min(max(weight, light), bold)
    is_emboldened = light == bold < BOLD_FROM <= weight
    return open_face(FaceKey(file.path, file.index, within, is_emboldened, is_slanted))


def face_of_character(character: str, wanted: Face, weight: int, region: str) -> Face:
    """Return the face for one character (with what belongs to it): the wanted one if it has it."""
    emoji = _emoji_face()
    letters = tuple(letter for letter in character if letter not in _IGNORED)
    if not letters:
        return wanted
    is_picture = _is_emoji(character) and not _is_emoji_font(wanted)
    if emoji is not None and is_picture and emoji.covers(letters[0]):
        return emoji
    if all(map(wanted.covers, letters)):
        return wanted
    other = _other(letters[0], weight, region)
    if other is not None and all(map(other.covers, letters)):
        return other
    return wanted if other is None or wanted.covers(letters[0]) else other


def missing(text: str) -> str:
    """Return the characters of a text that no font at hand has, each once."""
    plain = face_for(FontChoice())
    lost = []
    for letter in dict.fromkeys(text):
        if letter in _IGNORED or plain.covers(letter) or not letter.isprintable():
            continue
        if _other(letter, 400, "SC") is None:
            lost.append(letter)
    return "".join(lost)


def region_of(text: str) -> str:
    """Return in whose shapes a text's Chinese characters are to be drawn (see `families.HAN`).

    Kana and Hangul tell; else characters that only one of the two Chinese standards of old has.
    """
    names = [name_of(letter, "") for letter in dict.fromkeys(text) if ord(letter) > 0x1100]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        return "JP"
    if any(name.startswith("HANGUL") for name in names):
        return "KR"
    han = "".join(dict.fromkeys(letter for letter in text if "\u4e00" <= letter <= "\u9fff"))
    if len(han.encode("gb2312", "ignore")) >= len(han.encode("big5", "ignore")):
        return "SC"
    return "TC"


def _is_emoji(character: str) -> bool:
    first = character[0]
    if _VARIATION_TEXT in character:
        return False
    if _VARIATION_EMOJI in character or _KEYCAP in character:
        return True
    if "\U0001f1e6" <= first <= "\U0001f1ff":
        return True
    if first in _SHOWN_AS_EMOJI:
        return True
    return first >= "\U0001f000" and bool(extended_pictographic(first))


def _is_emoji_font(face: Face) -> bool:
    return "Emoji" in face.key.path.name


@cache
def _emoji_face() -> Face | None:
    file = color_emoji()
    return None if file is None else _opened(file, 400)


@lru_cache(maxsize=4096)
def _other(letter: str, weight: int, region: str) -> Face | None:
    """Return the first face that has a character, beginning with the font of its script."""
    faces = (_opened(file, weight) for file in _candidates(letter, region))
    return next((face for face in faces if face.covers(letter)), None)


def _candidates(letter: str, region: str) -> Iterator[FontFile]:
    scripts = script_files()
    words = name_of(letter, "").split(" ")
    han = han_file(region)
    if han is not None and words[0].startswith(_HAN_NAMES):
        yield han
    script = _OTHER_NAMES.get(words[0], words[0].lower())
    for name in (script, script + "eastern", "".join(words[:2]).lower()):
        if name in scripts:
            yield scripts[name]
    if "Noto Sans" in families():
        yield files_of("Noto Sans")[0]
    if "Noto Emoji" in families() and extended_pictographic(letter):
        yield files_of("Noto Emoji")[0]
    for name in ("symbols", "symbols2", "math"):
        if name in scripts:
            yield scripts[name]
    if han is not None:
        yield han
    yield from scripts.values()
