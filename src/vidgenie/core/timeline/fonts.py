"""The names of fonts: one family in many spellings, with its weight and slant inside or beside.

"Montserrat ExtraBold", "montserrat-extrabold" and Montserrat at 800 are one face.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

FALLBACK = "Open Sans"
"""Shown for families that are not there; `warnings.py` says so."""

SUBSTITUTES: Mapping[str, tuple[str, int | None]] = {
    "arapey": ("Playfair Display", None),
    "clearsans": ("Roboto", None),
    "didactgothic": ("Questrial", None),
    "movlette": ("Anton", None),
    "sueellenfrancisco": ("Shadows Into Light", None),
    "unineue": ("Montserrat", 700),
    "arial": ("Roboto", None),
    "helvetica": ("Roboto", None),
    "helveticaneue": ("Roboto", None),
    "sansserif": ("Open Sans", None),
    "verdana": ("Open Sans", None),
    "tahoma": ("Open Sans", None),
    "impact": ("Anton", None),
    "georgia": ("Playfair Display", None),
    "timesnewroman": ("Playfair Display", None),
    "serif": ("Playfair Display", None),
    "cursive": ("Shadows Into Light", None),
}
"""Families that no package brings, and the nearest in shape and width that one does.

Keys are spelt as `spelt` spells them; the number is a weight that the family has only.
"""

_WEIGHTS = {
    "hairline": 100,
    "thin": 100,
    "extralight": 200,
    "ultralight": 200,
    "light": 300,
    "regular": 400,
    "normal": 400,
    "book": 400,
    "medium": 500,
    "semibold": 600,
    "demibold": 600,
    "extrabold": 800,
    "ultrabold": 800,
    "bold": 700,
    "black": 900,
    "heavy": 900,
}
_SLANTS = ("italic", "oblique")


@dataclass(frozen=True, slots=True)
class FontName:
    """A family as a name gives it; None for what the name does not say."""

    family: str
    weight: int | None = None
    is_italic: bool = False


def spelt(name: str) -> str:
    """Return a name without what spellings differ in: "Open Sans" and "open-sans" are one."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def same_family(one: str, other: str) -> bool:
    """Tell whether two spellings name one font family: "OpenSans" and "open sans" do."""
    return spelt(one) == spelt(other)


def find_family(name: str, families: Iterable[str]) -> FontName | None:
    """Return which of `families` a name means; None where it is none of them.

    A whole name comes first: "Roboto Light" is a weight of Roboto only where no family has it as
    its name.
    """
    known = {spelt(family): family for family in families}
    rest = spelt(name)
    if rest in known:
        return FontName(known[rest])
    is_italic = False
    weight = None
    for slant in _SLANTS:
        if rest.endswith(slant):
            rest, is_italic = rest.removesuffix(slant), True
    for word in sorted(_WEIGHTS, key=len, reverse=True):
        if rest.endswith(word):
            rest, weight = rest.removesuffix(word), _WEIGHTS[word]
            break
    return FontName(known[rest], weight, is_italic) if rest in known else None


def substitute_for(name: str) -> FontName | None:
    """Return what is shown for a family known to have no package."""
    found = find_family(name, SUBSTITUTES)
    if found is None:
        return None
    family, only = SUBSTITUTES[found.family]
    return FontName(family, found.weight or only, found.is_italic)


def name_of_address(src: str) -> str:
    """Return the name that an address gives a font: its last part, without the ending."""
    last = unquote(urlsplit(src).path).rsplit("/", 1)[-1]
    return last.rsplit(".", 1)[0] if "." in last else last
