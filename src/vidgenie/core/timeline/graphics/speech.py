"""From cues and words to pages: what captions show at once, and when each word is spoken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import category

from vidgenie.core.timeline.facts import Cue, SpokenWord

PAUSE_S = 0.8
"""A longer silence ends a page."""

HOLD_S = 0.5
"""How long a page stays after its last word where nothing follows at once."""

LETTER_WIDTH = 0.55
"""Of a letter, in font sizes: what Latin text takes on average in common faces."""

LINES = 2
"""Lines of a page of words: more cannot be read in passing."""

_ENDS = (".", "!", "?", "…", "。", "！", "？")


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown at once. `words` are its text's, in order; seconds from the clip's begin."""

    start_s: float
    end_s: float
    text: str
    words: tuple[SpokenWord, ...] = ()

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Where each of its words stands in its text: first letter, and the one behind its last."""
        found = []
        at = 0
        for word in self.words:
            at = self.text.index(word.text, at)
            found.append((at, at + len(word.text)))
            at += len(word.text)
        return tuple(found)


def spread(words: Sequence[str], start_s: float, end_s: float) -> Iterator[SpokenWord]:
    """Yield words that share a time by their lengths, a gap between words counting as a letter."""
    total = sum(len(word) + 1 for word in words)
    done = 0
    for word in words:
        begin = start_s + (end_s - start_s) * done / total
        done += len(word) + 1
        yield SpokenWord(word, begin, start_s + (end_s - start_s) * done / total)


def words_of(cues: Sequence[Cue]) -> tuple[tuple[SpokenWord, ...], ...]:
    """Return each cue's words: those its file times, else its text's, interpolated."""
    return tuple(
        cue.words or tuple(spread(cue.text.split(), cue.start_s, cue.end_s)) for cue in cues
    )


def pages_of_cues(cues: Sequence[Cue]) -> tuple[Page, ...]:
    """Return a page for each cue; one that begins before the last has ended takes its place."""
    pages = []
    for number, cue in enumerate(cues):
        following = cues[number + 1].start_s if number + 1 < len(cues) else cue.end_s
        end = min(cue.end_s, following) if following > cue.start_s else cue.end_s
        pages.append(Page(cue.start_s, end, visible(cue.text)))
    return tuple(pages)


def pages_of_words(words: Sequence[SpokenWord], letters: float) -> tuple[Page, ...]:
    """Return words in pages of at most `LINES` lines of so many letters.

    A page ends with a sentence or at a pause; it stays until the next one, if that follows soon.
    """
    groups: list[list[SpokenWord]] = []
    room = 0.0
    for word in (SpokenWord(visible(w.text), w.start_s, w.end_s) for w in words):
        if not word.text:
            continue
        size = len(word.text) + 1
        if not groups or size > room or _ends(groups[-1][-1], word):
            groups.append([])
            room = LINES * max(letters, 1.0)
        groups[-1].append(word)
        room -= size
    return tuple(_page(group, following) for group, following in _with_next(groups))


def _with_next(
    groups: list[list[SpokenWord]],
) -> Iterator[tuple[list[SpokenWord], list[SpokenWord] | None]]:
    yield from pairwise([*groups, None])


def _ends(before: SpokenWord, word: SpokenWord) -> bool:
    return before.text.endswith(_ENDS) or word.start_s - before.end_s > PAUSE_S


def _page(group: list[SpokenWord], following: list[SpokenWord] | None) -> Page:
    end = max(word.end_s for word in group) + HOLD_S
    if following is not None:
        end = min(end, following[0].start_s)
    return Page(group[0].start_s, end, " ".join(word.text for word in group), tuple(group))


def visible(text: str) -> str:
    """Return a text without controls, and each line's spaces as one: its letters then count."""
    kept = "".join(each for each in text if each == "\n" or category(each) not in ("Cc", "Cs"))
    return "\n".join(" ".join(line.split()) for line in kept.split("\n"))


def moved(cues: Sequence[Cue], trim: float, speed: float) -> tuple[Cue, ...]:
    """Return cues as a clip of a speed shows them from `trim` on (sped-up time, EDIT.md §7)."""
    if speed <= 0:
        return tuple(cues)

    def at(seconds: float) -> float:
        return seconds / speed - trim

    return tuple(
        Cue(
            max(0.0, at(cue.start_s)),
            at(cue.end_s),
            cue.text,
            tuple(SpokenWord(w.text, at(w.start_s), at(w.end_s)) for w in cue.words),
        )
        for cue in cues
        if at(cue.end_s) > 0
    )
