"""Captions: a page as lettering, its words as they are spoken. From below: ground, words, the word.

Words are drawn where the whole page's layout puts them, so that nothing jumps when one is spoken;
only one that is set larger pushes its neighbours on the line aside.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import sin
from pathlib import Path

import skia

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphic import Phase
from vidgenie.core.timeline.graphics.appearing import Pose
from vidgenie.core.timeline.graphics.captions import COMING, Captions
from vidgenie.core.timeline.graphics.lettering import Edges, Lettering, Plate
from vidgenie.engine.paint.lettering import Extent, LetteringDrawing, Stretch
from vidgenie.engine.pool import FramePool

POP_FROM, POP_OVER = 0.6, 1.7
"""A popping word's first scale, and how far it goes beyond 1 (the constant of "back" easings)."""

SLIDE, BOUNCE = 0.6, 0.8
"""How far a word comes from, in font sizes."""

BELOW = 0.02
"""What stays free below captions that nobody has placed, of the frame's height."""

FAR = 1e5

_WAYS = {"left": (1.0, 0.0), "right": (-1.0, 0.0), "up": (0.0, 1.0), "down": (0.0, -1.0)}
_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}


@dataclass(frozen=True, slots=True)
class _Move:
    """How a word stands while it comes in: pixels, times about its middle, visibility."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class _Part:
    """Some letters and how they are drawn: `clip` is all of them that shows, across."""

    drawing: LetteringDrawing
    move: _Move = _Move()  # frozen
    middle: tuple[float, float] = (0.0, 0.0)
    clip: tuple[float, float] = (-FAR, FAR)


class CaptionsDrawing:
    """Captions at one phase."""

    def __init__(self, graphic: Captions, phase: Phase, path_of: Callable[[str], Path]) -> None:
        self._graphic = graphic
        self._path_of = path_of
        self._parts = tuple(self._make(phase)) if phase else ()

    @property
    def ink(self) -> Rect:
        """The part of the box that may have ink: what lies outside it is empty."""
        box = Rect.of(self._graphic.box)
        areas = [(part.drawing.ink, _reach(part)) for part in self._parts]
        areas = [(area, reach) for area, reach in areas if area.width > 0]
        if not areas:
            return Rect(0.0, 0.0, 0.0, 0.0)
        left = max(box.left, min(area.left - reach for area, reach in areas))
        top = max(box.top, min(area.top - reach for area, reach in areas))
        right = min(box.right, max(area.right + reach for area, reach in areas))
        bottom = min(box.bottom, max(area.bottom + reach for area, reach in areas))
        return Rect(left, top, max(0.0, right - left), max(0.0, bottom - top))

    def draw(self, canvas: "skia.Canvas") -> None:
        """Draw into the box's own coordinates."""
        for part in self._parts:
            canvas.save()
            if part.clip != (-FAR, FAR):
                clip = skia.Rect.MakeLTRB(part.clip[0], -FAR, part.clip[1], FAR)
                canvas.clipRect(clip, skia.ClipOp.kIntersect, True)
            move, (x, y) = part.move, part.middle
            if move.opacity < 1:
                canvas.saveLayerAlpha(None, round(max(0.0, move.opacity) * 255))
            canvas.translate(x + move.x, y + move.y)
            canvas.scale(move.scale, move.scale)
            canvas.translate(-x, -y)
            part.drawing.draw(canvas)
            if move.opacity < 1:
                canvas.restore()
            canvas.restore()

    def _make(self, phase: Phase) -> Iterator[_Part]:
        page = self._graphic.pages[int(phase[0])]
        look = replace(self._graphic.look, text=page.text)
        if self._graphic.keeps_in:
            lowest = look.box.height * (1 - BELOW)
            over = LetteringDrawing(look, (), self._path_of).bottom - lowest
            look = replace(look, shift=(0.0, -max(0.0, over)))
        if len(phase) == 1:
            yield _Part(LetteringDrawing(look, (), self._path_of))
            return
        words = page.ranges
        begun = int(phase[1])
        is_spoken, progress = (bool(phase[2]), float(phase[3])) if begun else (False, 0.0)
        yield from _Words(self._graphic, look, words, self._path_of).parts(
            begun, progress, is_spoken=is_spoken
        )


class _Words:
    """The words of one page."""

    def __init__(
        self,
        graphic: Captions,
        look: Lettering,
        words: tuple[tuple[int, int], ...],
        path_of: Callable[[str], Path],
    ) -> None:
        self._graphic = graphic
        self._look = look
        self._plain = replace(look, plate=Plate())
        self._words = words
        self._path_of = path_of
        self._whole = LetteringDrawing(look, (), path_of)
        active = graphic.active or graphic.look
        self._active = replace(active, text=look.text, shift=look.shift, plate=Plate())

    def parts(self, begun: int, progress: float, *, is_spoken: bool) -> Iterator[_Part]:
        """Yield what is drawn when so many words have begun, the last being spoken or over."""
        yield _Part(LetteringDrawing(self._look, (), self._path_of, []))  # the ground
        style, active = self._graphic.style, self._graphic.active
        last = begun - 1
        is_marked = active is not None and begun > 0 and is_spoken
        is_coming = style in COMING and progress < 1
        if style == "karaoke":
            yield from self._karaoke(last, progress if is_spoken else 1.0)
            return
        shown = range(begun if style in COMING else len(self._words))
        # The word that is marked, or still coming in, is drawn for itself.
        apart = last if begun and (is_marked or is_coming) else -1
        pushes: dict[int, float] = {}
        part = None
        if apart >= 0:
            part, pushes = self._apart(apart, progress, is_marked=is_marked)
        if part is not None:  # below the others: its own ground may be higher than its line
            yield part
        yield self._base([number for number in shown if number != apart], pushes)

    def _base(self, numbers: list[int], pushes: dict[int, float]) -> _Part:
        size = self._look.letters.size_px
        stretches: list[Stretch] = []
        for number in numbers:
            start, stop = self._words[number]
            if number + 1 in numbers:
                stop = self._words[number + 1][0]  # the space between belongs to the first
            push = pushes.get(number, 0.0) / size
            if stretches and stretches[-1][1] == start and stretches[-1][2].x == push:
                start = stretches.pop()[0]
            stretches.append((start, stop, Pose(x=push)))
        return _Part(LetteringDrawing(self._plain, (), self._path_of, stretches))

    def _karaoke(self, last: int, progress: float) -> Iterator[_Part]:
        count = len(self._words)
        place = self._whole.extent(*self._words[last]) if last >= 0 else None
        if place is None or progress >= 1:
            sung = last + 1 if progress >= 0.5 else last
            yield self._base(list(range(sung, count)) if sung >= 0 else list(range(count)), {})
            yield self._sung(range(max(0, sung)))
            return
        yield self._base(list(range(last + 1, count)), {})
        yield self._sung(range(last))
        edge = place.left + place.width * (1 - progress if place.is_backward else progress)
        before, after = (-FAR, edge), (edge, FAR)
        if place.is_backward:
            before, after = after, before
        word = (*self._words[last], Pose())
        yield _Part(LetteringDrawing(self._plain, (), self._path_of, [word]), clip=after)
        yield _Part(self._marked(word), clip=before)

    def _sung(self, numbers: range) -> _Part:
        stretches = [(*self._words[number], Pose()) for number in numbers]
        return _Part(LetteringDrawing(self._as_set(), (), self._path_of, stretches))

    def _marked(self, word: Stretch) -> LetteringDrawing:
        return LetteringDrawing(self._as_set(), (), self._path_of, [word])

    def _as_set(self) -> Lettering:
        """Return the active look in the page's own faces and sizes: its words' places stay."""
        own = self._look.letters
        letters = replace(
            self._active.letters,
            family=own.family,
            weight=own.weight,
            size_px=own.size_px,
            source=own.source,
        )
        return replace(self._active, letters=letters)

    def _apart(
        self, number: int, progress: float, *, is_marked: bool
    ) -> tuple[_Part, dict[int, float]]:
        """Return a word drawn for itself, and how far others on its line give way (pixels)."""
        start, stop = self._words[number]
        count = stop - start
        if self._graphic.style == "typewriter":
            count = int(progress * count + 1e-6)
        place = self._whole.extent(start, stop)
        look = self._active if is_marked else self._plain
        drawing: LetteringDrawing | None = None
        pushes: dict[int, float] = {}
        if place is not None and is_marked and self._is_set_otherwise():
            drawing, pushes, place = self._set_apart(number, place, count)
        if drawing is None:
            look = self._as_set() if is_marked else look
            stretch = (start, start + count, Pose())
            drawing = LetteringDrawing(look, (), self._path_of, [stretch])
        size = self._look.letters.size_px
        middle = (place.center, place.baseline - 0.35 * size) if place else (0.0, 0.0)
        return _Part(drawing, self._move(progress, has_place=place is not None), middle), pushes

    def _is_set_otherwise(self) -> bool:
        one, other = self._active.letters, self._look.letters
        return (one.family, one.weight, one.size_px, one.source) != (
            other.family,
            other.weight,
            other.size_px,
            other.source,
        )

    def _set_apart(
        self, number: int, place: Extent, count: int
    ) -> tuple[LetteringDrawing | None, dict[int, float], Extent]:
        """Set a word in its own face or size, on its place's baseline; its line makes room."""
        start, stop = self._words[number]
        alone = replace(
            self._active,
            text=self._look.text[start:stop],
            padding=Edges(),
            horizontal="left",
            vertical="top",
            shift=(0.0, 0.0),
        )
        found = LetteringDrawing(alone, (), self._path_of).extent(0, stop - start)
        if found is None:
            return None, {}, place
        extra = found.width - place.width
        share = _SHARES[self._look.horizontal]
        left = place.left - extra * share
        pushes: dict[int, float] = {}
        for other, (begin, end) in enumerate(self._words):
            its = self._whole.extent(begin, end)
            if other != number and its is not None and its.line == place.line:
                pushes[other] = -extra * share if its.left < place.left else extra * (1 - share)
        moved = replace(alone, shift=(left - found.left, place.baseline - found.baseline))
        drawing = LetteringDrawing(moved, (), self._path_of, [(0, count, Pose())])
        return drawing, pushes, replace(place, left=left, width=found.width)

    def _move(self, progress: float, *, has_place: bool) -> _Move:
        style, size = self._graphic.style, self._look.letters.size_px
        if progress >= 1 or style not in ("pop", "fade", "slide", "bounce"):
            return _Move()
        if style == "pop" and has_place:
            back = progress - 1
            done = 1 + (POP_OVER + 1) * back**3 + POP_OVER * back**2
            return _Move(scale=POP_FROM + (1 - POP_FROM) * done, opacity=min(1.0, 3 * progress))
        eased = 1 - (1 - progress) ** 3
        if style in ("pop", "fade"):
            return _Move(opacity=eased)
        way_x, way_y = _WAYS[self._graphic.direction]
        if style == "slide":
            far = SLIDE * size * (1 - eased)
            return _Move(way_x * far, way_y * far, opacity=eased)
        far = BOUNCE * size * _bounced(progress)
        return _Move(way_x * far, way_y * far, opacity=min(1.0, 4 * progress))


def _bounced(progress: float) -> float:
    """Return how far a bouncing word still is: it falls, and rises twice, each time less."""
    turns = progress * 2.5
    return float(abs(sin((turns + 0.5) * 3.141592653589793)) * (1 - progress) ** 1.5)


def _reach(part: _Part) -> float:
    """Return how far a move takes ink beyond where it is drawn, at most."""
    move = part.move
    if move == _Move():
        return 0.0
    ink = part.drawing.ink
    return max(abs(move.x), abs(move.y)) + abs(move.scale - 1) * max(ink.width, ink.height)


def captions_drawing(graphic: Captions, phase: Phase, pool: FramePool) -> CaptionsDrawing:
    """Return captions at a phase; pages' layouts are shared by their phases."""
    return CaptionsDrawing(graphic, phase, pool.path)
