"""A text as lines of glyphs: broken, ordered and placed, in pixels of its own.

parts → paragraphs → stretches of one face and direction → clusters, measured
      → lines (as much as fits, cut after UAX #14, within a piece only where it must be)
      → each line shaped for itself, its stretches in the order in which they are seen
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vidgenie.engine.lettering.bidi import base_level, levels, visual_order
from vidgenie.engine.lettering.breaks import characters, clean, pieces
from vidgenie.engine.lettering.shape import Cluster, Item, Setting, items_of, shaped
from vidgenie.engine.lettering.shelf import face_for, region_of

SLACK_PX = 0.01
"""What a line may be too long by: sums of fractions are not exact."""

SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its characters `start` to `stop`, its box, its clusters from left to right.

    `width` is without the spaces at its end; a cluster's `left` counts from the block's left edge.
    """

    start: int
    stop: int
    left: float
    width: float
    top: float
    height: float
    baseline: float
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A text, laid out. `text` is what the lines' numbers count in; y grows downwards from 0."""

    text: str
    lines: tuple[Line, ...]
    height: float
    settings: tuple[Setting, ...]

    @property
    def left(self) -> float:
        """Where its leftmost line begins."""
        return min((line.left for line in self.lines), default=0.0)

    @property
    def right(self) -> float:
        """Where its longest reach to the right ends."""
        return max((line.left + line.width for line in self.lines), default=0.0)


def lay_out(
    parts: Sequence[tuple[str, Setting]],
    width: float,
    align: str = "center",
    *,
    room: float | None = None,
    ellipsis: str | None = None,
) -> Block:
    """Set a text, given in parts of one style each, into lines at most `width` pixels long.

    `align` is left, center or right. With `ellipsis`, lines that would end below `room` pixels are
    left out, and the last one that stays ends with that mark.
    Cost: some 10 µs a character.
    """
    texts = [clean(text) for text, _ in parts]
    setter = _Setter(
        "".join(texts),
        [number for number, text in enumerate(texts) for _ in text],
        tuple(setting for _, setting in parts),
        width,
    )
    ranges = list(setter.ranges())
    if ellipsis is not None and room is not None:
        setter, ranges = _shortened(setter, ranges, room, ellipsis)
    lines = []
    top = 0.0
    for start, stop in ranges:
        line = setter.line(start, stop, top, SHARES[align])
        lines.append(line)
        top += line.height
    return Block(setter.text, tuple(lines), top, setter.settings)


class _Setter:
    """Sets one text at one width."""

    def __init__(
        self, text: str, parts: list[int], settings: tuple[Setting, ...], width: float
    ) -> None:
        self.text = text
        self.parts = parts
        self.settings = settings
        self.width = width
        self._region = region_of(text)
        self._paragraphs = list(_paragraphs(text))
        self._prepared: dict[int, tuple[int, list[int], list[Item]]] = {}

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield where each line begins and ends; a line's end is the next one's begin, or a \\n."""
        for start, stop in self._paragraphs:
            if start == stop:
                yield start, stop
                continue
            widths = self._widths(start, stop)
            yield from _filled(self.text, (start, stop), widths, self.width + SLACK_PX)

    def line(self, start: int, stop: int, top: float, share: float) -> Line:
        """Return a line, shaped and ordered, aligned within the width."""
        above, height = self._heights(start, stop)
        runs = self._runs(start, stop)
        clusters = [cluster for run in runs for cluster in run]
        content = self.text[start:stop].rstrip(" ")
        visible = start + len(content)
        hanging = sum(cluster.width for cluster in clusters if cluster.start >= visible)
        total = sum(cluster.width for cluster in clusters)
        width = total - hanging
        left = (self.width - width) * share
        pen = left
        if clusters and hanging and clusters[0].start >= visible:  # right to left: they hang left
            pen -= hanging
        placed = []
        for cluster in clusters:
            placed.append(cluster.moved(0, pen))
            pen += cluster.width
        return Line(start, stop, left, width, top, height, top + above, tuple(placed))

    def _prepare(self, start: int) -> tuple[int, list[int], list[Item]]:
        """Return a paragraph's base level, its levels, and its items counted from its begin."""
        if start not in self._prepared:
            stop = next(end for begin, end in self._paragraphs if begin == start)
            text = self.text[start:stop]
            base = base_level(text)
            found = levels(text, base)
            numbers = self.parts[start:stop]
            items = list(items_of(text, found, numbers, self.settings, self._region))
            self._prepared[start] = (base, found, items)
        return self._prepared[start]

    def _widths(self, start: int, stop: int) -> list[float]:
        """Return each character's share of its paragraph's length; 0 within a cluster."""
        widths = [0.0] * (stop - start)
        text = self.text[start:stop]
        for item in self._prepare(start)[2]:
            for cluster in shaped(text, item, self._region):
                widths[cluster.start] += cluster.width
        return widths

    def _runs(self, start: int, stop: int) -> list[list[Cluster]]:
        """Return a line's stretches from left to right, shaped within the line."""
        if start == stop:
            return []
        begin, end = next(pair for pair in reversed(self._paragraphs) if pair[0] <= start)
        base, _found, items = self._prepare(begin)
        text = self.text[begin:end]
        cut = []
        blank = begin + len(self.text[begin:stop].rstrip(" ")) - begin
        for item in items:
            first, last = max(item.start, start - begin), min(item.stop, stop - begin)
            # Spaces at a line's end take the paragraph's own direction (UAX #9, rule L1).
            for one, two, level in (
                (first, min(last, blank), item.level),
                (max(first, blank), last, base),
            ):
                if one < two:
                    cut.append(Item(one, two, item.face, item.setting, item.part, level))
        order = visual_order([item.level for item in cut])
        return [
            [cluster.moved(begin, 0.0) for cluster in shaped(text, cut[at], self._region)]
            for at in order
        ]

    def _heights(self, start: int, stop: int) -> tuple[float, float]:
        """Return a line's height above its baseline, and its whole height (CSS 2.2 §10.8.1)."""
        above = below = 0.0
        inside = self.parts[start:stop] or self.parts[max(0, start - 1) : start] or [0]
        for number in sorted(set(inside)):
            setting = self.settings[number]
            metrics = face_for(setting.font).metrics
            # Whole pixels, as browsers take them: lines then stand on whole pixels too.
            ascent = round(metrics.ascent * setting.size_px)
            descent = round(metrics.descent * setting.size_px)
            gap = metrics.line_gap * setting.size_px
            if setting.line_height is not None:
                gap = setting.line_height * setting.size_px - ascent - descent
            above = max(above, ascent + gap / 2)
            below = max(below, descent + gap / 2) if below else descent + gap / 2
        return above, max(0.0, above + below)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for paragraph in text.split("\n"):
        yield start, start + len(paragraph)
        start += len(paragraph) + 1


def _filled(
    text: str, whole: tuple[int, int], widths: Sequence[float], room: float
) -> Iterator[tuple[int, int]]:
    """Yield the lines of a paragraph: as many pieces as fit, at least one character each."""
    begin, end = whole
    line = at = begin
    used = 0.0
    for piece in pieces(text[begin:end]):
        stop = at + len(piece)
        length = sum(widths[at - begin : at - begin + len(piece.rstrip(" "))])
        whole_length = sum(widths[at - begin : stop - begin])
        if used + length > room and at > line:
            yield line, at
            line, used = at, 0.0
        if length > room:
            for cut in _cuts(piece, widths[at - begin : stop - begin], room):
                yield line, at + cut
                used, line = 0.0, at + cut
            whole_length = sum(widths[line - begin : stop - begin])
        used += whole_length
        at = stop
    yield line, end


def _cuts(piece: str, widths: Sequence[float], room: float) -> Iterator[int]:
    """Yield where a piece that is too long for a line is cut, between two characters."""
    used, at = 0.0, 0
    for character in characters(piece.rstrip(" ")):
        width = sum(widths[at : at + len(character)])
        if used + width > room and used > 0:
            yield at
            used = 0.0
        used += width
        at += len(character)


def _shortened(
    setter: _Setter, ranges: list[tuple[int, int]], room: float, mark: str
) -> tuple[_Setter, list[tuple[int, int]]]:
    """Return a setter of so much of the text as fits into `room`, with the mark at its end."""
    height, fitting = 0.0, 0
    for start, stop in ranges:
        height += setter.line(start, stop, 0.0, 0.0).height
        if height > room + SLACK_PX:
            break
        fitting += 1
    if fitting == len(ranges):
        return setter, ranges
    kept = max(1, fitting)
    start, stop = ranges[kept - 1]
    while True:
        text = setter.text[:stop].rstrip() + mark
        parts = (setter.parts[:stop] or [0])[: len(text)]
        parts += [parts[-1]] * (len(text) - len(parts))
        shorter = _Setter(text, parts, setter.settings, setter.width)
        found = list(shorter.ranges())
        if len(found) <= kept or stop <= start:
            return shorter, found[:kept]
        stop -= len(characters(setter.text[start:stop])[-1])
