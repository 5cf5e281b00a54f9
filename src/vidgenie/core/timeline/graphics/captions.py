"""Captions: pages shown one after the other, and how the word just spoken looks and moves.

The phase is the page, the word and its progress: nothing changes between two words but where a word
moves.
"""

from bisect import bisect_right
from dataclasses import dataclass, fields
from functools import cached_property
from typing import ClassVar, Literal

from vidgenie.core.geometry import Size
from vidgenie.core.timeline.graphic import Graphic, Phase
from vidgenie.core.timeline.graphics.lettering import Lettering
from vidgenie.core.timeline.graphics.speech import Page

STEPS = 1 << 10
"""Steps of a word's progress: finer than any frame of a spoken word."""

ENTERS_S = {"pop": 0.25, "fade": 0.25, "slide": 0.25, "bounce": 0.5}
"""How long a word takes to come in; a shorter one comes in while it is spoken."""

Style = Literal["karaoke", "highlight", "pop", "fade", "slide", "bounce", "typewriter", "none"]

COMING = frozenset({"pop", "fade", "slide", "bounce", "typewriter"})
"""Styles whose words are not there before they are spoken."""

MOVING = COMING | {"karaoke"}
"""Styles with a progress within a word."""


@dataclass(frozen=True)
class Captions(Graphic):
    """Pages of text. `look` is a page's lettering without its text, `active` the spoken word's.

    `keeps_in` moves a page up that would reach below the box. `language` is what an edit says of
    it, for subtitles; of `left_out` pages there was no time.
    """

    kind: ClassVar[str] = "captions"

    look: Lettering
    pages: tuple[Page, ...]
    active: Lettering | None = None
    style: Style = "none"
    direction: Literal["left", "right", "up", "down"] = "up"
    keeps_in: bool = False
    language: str = ""
    left_out: int = 0

    @property
    def box(self) -> Size:  # type: ignore[override]  # the look's own
        """The box that its pages stand in."""
        return self.look.box

    def __hash__(self) -> int:
        """Return a hash that is worked out once: there may be hours of words."""
        return self._hash

    def __reduce__(self) -> tuple[type["Captions"], tuple[object, ...]]:
        """Leave behind what was worked out: another process has other hashes."""
        return Captions, tuple(getattr(self, each.name) for each in fields(self))

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, each.name) for each in fields(self)))

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """When each page begins."""
        return tuple(page.start_s for page in self.pages)

    @property
    def boundaries(self) -> tuple[float, ...]:
        """When pages come and go, and words begin, have come in, and end."""
        found: set[float] = set()
        for page in self.pages:
            found |= {page.start_s, page.end_s}
            if self.has_words:
                for word in page.words:
                    found |= {word.start_s, word.end_s}
                    if self.style in COMING:
                        found.add(word.start_s + self.enters_s(word.end_s - word.start_s))
        return tuple(sorted(each for each in found if each > 0))

    @property
    def has_words(self) -> bool:
        """Tell whether it matters which word is spoken."""
        return self.active is not None or self.style in MOVING

    def enters_s(self, spoken_s: float) -> float:
        """Return how long a word takes to come in that is spoken so long."""
        if self.style == "typewriter":
            return spoken_s
        return min(ENTERS_S.get(self.style, 0.0), spoken_s)

    def phase_at(self, seconds: float) -> Phase:
        """Return (page, words begun, is the last of them being spoken, its progress)."""
        number = bisect_right(self.starts, seconds + 1e-9) - 1
        if number < 0 or seconds >= self.pages[number].end_s - 1e-9:
            return ()
        page = self.pages[number]
        if not self.has_words:
            return (number,)
        begun = bisect_right([word.start_s for word in page.words], seconds + 1e-9)
        if not begun:
            return (number, 0)
        word = page.words[begun - 1]
        is_spoken = seconds < word.end_s - 1e-9
        return (number, begun, int(is_spoken), self._progress(seconds, number, begun - 1))

    def _progress(self, seconds: float, page: int, word: int) -> float:
        if self.style not in MOVING:
            return 1.0
        spoken = self.pages[page].words[word]
        length = spoken.end_s - spoken.start_s
        if self.style != "karaoke":
            length = self.enters_s(length)
        done = 1.0 if length <= 0 else min(1.0, (seconds - spoken.start_s) / length)
        steps = len(spoken.text) if self.style == "typewriter" else STEPS
        return max(0, int(done * steps + 1e-6)) / steps
