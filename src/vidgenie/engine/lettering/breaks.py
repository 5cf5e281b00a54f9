"""Where a text may be cut: into characters as people see them, into words, into lines.

Lines break after UAX #14, characters are the grapheme clusters of UAX #29: an emoji with its skin
tone, a letter with its accents, a flag are one each.
"""

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category, normalize

from uniseg.graphemecluster import grapheme_clusters
from uniseg.linebreak import line_break_units

TAB = "    "
"""What a tabulator becomes: nothing in a title stands under anything else."""

_NEWLINES = str.maketrans(
    {"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n"} | {"\u2028": "\n", "\u2029": "\n"}
)


def clean(text: str) -> str:
    """Return a text as it is set: one kind of line end, no controls, no halves of characters."""
    text = text.replace("\r\n", "\n").translate(_NEWLINES).replace("\t", TAB)
    return "".join(_kept(text))


def _kept(text: str) -> Iterator[str]:
    for letter in text:
        kind = category(letter)
        if kind == "Cs":
            yield "\ufffd"
        elif "\U0001d400" <= letter <= "\U0001d7ff":
            yield normalize("NFKC", letter)  # "fancy" letters of mathematics: no font here has them
        elif letter == "\n" or kind != "Cc":
            yield letter


@lru_cache(maxsize=512)
def characters(text: str) -> tuple[str, ...]:
    """Return the characters as people see them."""
    if text.isascii():
        return tuple(text)
    return tuple(grapheme_clusters(text))


@lru_cache(maxsize=512)
def pieces(text: str) -> tuple[str, ...]:
    """Return what stays on one line; the text may break between two of them."""
    return tuple(line_break_units(text))
