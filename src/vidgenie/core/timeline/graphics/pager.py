"""A long text into pages that are read one after the other.

Lines are filled by how wide letters are on average (decision 0093): the core has no fonts. Where a
line may end UAX #14 says.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from unicodedata import east_asian_width

from vidgenie.core.timeline.graphics.speech import LETTER_WIDTH, Page, visible

WIDE_WIDTH = 1.0
"""Of a letter that is as wide as high, in font sizes: Chinese, Japanese, Korean."""

WIDE_A_WORD = 2.0
"""Wide letters that take as long to read as a word of others."""

BALANCING = 7
"""Halvings of the room for which the pages' number stays: the pages are then about equally full."""

_WIDE = ("W", "F")


def pages_of_text(text: str, room: float, lines: int, *, in_letters: bool) -> tuple[str, ...]:
    """Return a text in pages of at most so many lines; an empty line begins a new page.

    Units: `room` is a line's, in letters, or in font sizes. With `in_letters` the pages' lines are
    cut here, else whoever draws them fills them.
    Law: without spaces and line ends, the pages are the text.
    """
    # Here and not above: its tables take longer to load than a small edit to be resolved.
    from uniseg.linebreak import line_break_units

    found: list[str] = []
    for part in _parts(visible(text)):
        paragraphs = [tuple(line_break_units(line)) for line in part]
        pages = _paged(paragraphs, room, lines, in_letters=in_letters)
        low, high = 0.0, room
        for _ in range(BALANCING if len(pages) > 1 else 0):
            middle = (low + high) / 2
            tried = _paged(paragraphs, middle, lines, in_letters=in_letters)
            if len(tried) > len(pages):
                low = middle
            else:
                high, pages = middle, tried
        found += pages
    if not in_letters:
        return tuple(found)
    return tuple("\n".join(_filled(page, line_break_units, room)) for page in found)


def _filled(page: str, units: Callable[[str], Iterable[str]], room: float) -> Iterator[str]:
    """Yield a page's lines, each as full as it can be."""
    for line in page.split("\n"):
        yield from (each.rstrip() for each in _lines(tuple(units(line)), room, in_letters=True))


def _parts(text: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line:
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def _paged(
    paragraphs: Sequence[Sequence[str]], room: float, lines: int, *, in_letters: bool
) -> list[str]:
    """Return pages; within a paragraph nothing says where a line ends: it may yet be filled."""
    pages: list[str] = []
    count = lines
    for paragraph in paragraphs:
        for number, line in enumerate(_lines(paragraph, room, in_letters=in_letters)):
            if count >= lines:
                pages.append("")
                count = 0
            elif number == 0:
                pages[-1] = pages[-1].rstrip() + "\n"
            pages[-1] += line
            count += 1
    return [page.strip() for page in pages]


def _lines(units: Sequence[str], room: float, *, in_letters: bool) -> list[str]:
    """Return units in lines, as many on each as it has room for, and one at least."""
    lines: list[str] = []
    left = 0.0
    for unit in units:
        need = _width(unit.rstrip(), in_letters=in_letters)
        if not lines or need > left:
            lines.append("")
            left = room
        lines[-1] += unit
        left -= _width(unit, in_letters=in_letters)
    return lines


def _width(text: str, *, in_letters: bool) -> float:
    if in_letters:
        return float(len(text))
    if text.isascii():
        return LETTER_WIDTH * len(text)
    return sum(WIDE_WIDTH if east_asian_width(each) in _WIDE else LETTER_WIDTH for each in text)


def timed(
    texts: Sequence[str], length_s: float, *, wpm: float | None, shortest_s: float
) -> tuple[Page, ...]:
    """Return pages of equal time, or of their reading time; none is shorter than `shortest_s`.

        even   |---A---|---B---|---C---|
        wpm    |-A-|-----B-----|---C---|  the last stays until the end

    What then has no time within the clip is not shown.
    """
    even = length_s / len(texts) if texts else 0.0
    pages: list[Page] = []
    at = 0.0
    for number, text in enumerate(texts):
        needs = even if wpm is None else 60 * words_in(text) / wpm
        is_last = number + 1 == len(texts)
        end = length_s if is_last else min(length_s, at + max(needs, shortest_s))
        if at >= length_s - 1e-9:
            break
        pages.append(Page(at, end, text))
        at = end
    return tuple(pages)


def words_in(text: str) -> float:
    """Return how many words a text is to a reader: wide letters have no spaces between words."""
    wide = 0 if text.isascii() else sum(east_asian_width(each) in _WIDE for each in text)
    others = "".join(" " if east_asian_width(each) in _WIDE else each for each in text)
    return len(others.split()) + wide / WIDE_A_WORD
