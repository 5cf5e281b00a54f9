"""Lines: letters and small boxes in a row, broken where too long (CSS 2.2 §9.4.2, §10.8)."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import floor

from uniseg.linebreak import line_break_boundaries

from vidgenie.engine.paint.html.boxes import Box, Break, Node, Text
from vidgenie.engine.paint.html.letters import advance, ascent_descent, line_gap
from vidgenie.engine.paint.html.style import Style
from vidgenie.engine.paint.html.values import Percent, resolved

BLANKS = " \t\r\n\f"
TAB = "        "
OBJECT = "\ufffc"
"""Stands for a small box where lines are broken (UAX #14, class CB)."""

X_HEIGHT = 0.5
"""Of a font's size: half of it is the middle that `vertical-align: middle` means."""

Stack = tuple[Box, ...]
"""The boxes within their line that a piece stands in, the outermost first."""


@dataclass(slots=True)
class Piece:
    """A part of a line's content: letters, a small box, or an edge of a box in the line."""

    stack: Stack
    style: Style
    text: str = ""
    atom: Box | None = None
    edge: float = 0.0
    is_opening: bool = False


@dataclass(slots=True)
class Fragment:
    """A piece where it lies in its line; `raised` above the line's baseline."""

    piece: Piece
    x: float
    width: float
    raised: float = 0.0


@dataclass(slots=True)
class Line:
    """A line within its block's border box."""

    x: float = 0.0
    y: float = 0.0
    height: float = 0.0
    baseline: float = 0.0
    fragments: list[Fragment] = field(default_factory=list)

    @property
    def width(self) -> float:
        """From the first fragment to the last one's end."""
        return max((each.x + each.width for each in self.fragments), default=0.0)


def pieces_of(box: Box, across: float) -> list[list[Piece]]:
    """Return a block's content, one list per forced line, blanks collapsed (CSS Text 3 §4)."""
    lines: list[list[Piece]] = [[]]
    state = _Blanks()
    for piece in _pieces(box.children, (), across):
        if piece is None:
            state.is_after_blank = True
            lines.append([])
            continue
        if not piece.text:
            if piece.atom is not None:
                state.is_after_blank = False
            lines[-1].append(piece)
            continue
        for index, text in enumerate(state.collapsed(piece.text, piece.style)):
            if index:
                lines.append([])
            if text:
                lines[-1].append(replace(piece, text=text))
    return lines


@dataclass(slots=True)
class _Blanks:
    """Whether the last letter was a blank: the next one then collapses into it."""

    is_after_blank: bool = True

    def collapsed(self, text: str, style: Style) -> list[str]:
        """Return a text's forced lines, blanks collapsed as its style says."""
        if style.keeps_blanks:
            self.is_after_blank = False
            return text.replace("\r\n", "\n").replace("\t", TAB).split("\n")
        lines = text.split("\n") if style.keeps_lines else [text]
        made = []
        for index, line in enumerate(lines):
            self.is_after_blank = self.is_after_blank or index > 0
            letters = []
            for letter in line:
                is_blank = letter in BLANKS
                if not (is_blank and self.is_after_blank):
                    letters.append(" " if is_blank else letter)
                self.is_after_blank = is_blank
            made.append("".join(letters))
        return made


def _pieces(nodes: Sequence[Node], stack: Stack, across: float) -> Iterator[Piece | None]:
    for node in nodes:
        match node:
            case Text(text=text, style=style):
                yield Piece(stack, style, text=text)
            case Break():
                yield None
            case Box(is_atom=True):
                yield Piece(stack, node.style, atom=node)
            case Box():
                before, after = _outer(node, across)
                inner = (*stack, node)
                yield Piece(inner, node.style, edge=before, is_opening=True)
                yield from _pieces(node.children, inner, across)
                yield Piece(inner, node.style, edge=after)


def _outer(box: Box, across: float) -> tuple[float, float]:
    edges, margin = box.inner_edges(across), box.style.margin
    left = (resolved(margin[3], across) or 0.0) + edges[3]
    return left, (resolved(margin[1], across) or 0.0) + edges[1]


def atom_width(box: Box, across: float) -> float:
    """Return a laid-out small box's width with its margins."""
    margin = box.style.margin
    return box.width + sum(resolved(side, across) or 0.0 for side in (margin[1], margin[3]))


class _Ruler:
    """One forced line's pieces, each with the place of its letters in the whole."""

    def __init__(self, pieces: Sequence[Piece], atom: Callable[[Box], float]) -> None:
        self._atom = atom
        self.spans: list[tuple[int, int, Piece]] = []
        place = 0
        for piece in pieces:
            size = len(piece.text) or (piece.atom is not None)
            self.spans.append((place, place + size, piece))
            place += size
        self._stops = [stop for _, stop, _ in self.spans]
        self.text = "".join(p.text or (OBJECT if p.atom is not None else "") for p in pieces)

    def breaks(self) -> list[int]:
        """Return where lines may end, the end of the text last."""
        if not self.text:
            return [0]
        found = []
        for place in line_break_boundaries(self.text):
            piece = self._piece_before(place)
            is_end = place == len(self.text)
            # Browsers keep "and/or" together, where UAX #14 may break after the stroke.
            is_kept = not is_end and self.text[place - 1] == "/" and self.text[place].isalnum()
            if is_end or piece is None or (piece.style.wraps and not is_kept):
                found.append(place)
        return found or [len(self.text)]

    def _piece_before(self, place: int) -> Piece | None:
        for start, stop, piece in self.spans[bisect_left(self._stops, place) :]:
            if start < place <= stop:
                return piece
        return None

    def letters_within(self, start: int, stop: int) -> list[int]:
        """Return ends of single letters of a part that may be broken anywhere."""
        piece = self._piece_before(stop)
        breakable = piece is not None and piece.style.wraps
        if piece is None or not breakable or piece.style.overflow_wrap in ("normal", "keep-all"):
            return [stop]
        return list(range(start + 1, stop + 1))

    def parts(self, start: int, stop: int) -> Iterator[tuple[Piece, str]]:
        """Yield the pieces between two places, with the letters of each that lie there."""
        for first, end, piece in self.spans[bisect_left(self._stops, start) :]:
            if first > stop:
                break
            if first == end:
                is_in = start <= first < stop if piece.is_opening else start < first <= stop
                is_alone = not self.text or (first == 0 and start == 0 and not piece.is_opening)
                if is_in or is_alone or (first == stop == len(self.text)):
                    yield piece, ""
            elif first < stop and end > start:
                yield piece, piece.text[max(0, start - first) : stop - first]

    def width(self, start: int, stop: int) -> float:
        """Return the width of a part, blanks at its end left out."""
        total, hanging = 0.0, 0.0
        for piece, text in self.parts(start, stop):
            if text:
                bare = text if piece.style.keeps_blanks else text.rstrip(" ")
                if bare:
                    total, hanging = total + hanging, 0.0
                inked = advance(bare, piece.style)
                total += inked
                hanging += advance(text, piece.style) - inked if bare != text else 0.0
            elif piece.atom is not None:
                total, hanging = total + hanging + self._atom(piece.atom), 0.0
            else:
                total += piece.edge
        return total


def line_ranges(ruler: _Ruler, room: float, later_room: float) -> Iterator[tuple[int, int]]:
    """Yield where lines begin and end; the first may be as wide as `room`."""
    start, fits = 0, 0
    places = ruler.breaks()
    index = 0
    while index < len(places):
        place = places[index]
        if ruler.width(start, place) <= room + 0.01:
            fits, index = place, index + 1
            continue
        if fits <= start:
            letters = ruler.letters_within(start, place)
            fits = next(
                (p for p in reversed(letters) if ruler.width(start, p) <= room + 0.01),
                letters[0],
            )
            index += fits == place
        yield start, fits
        start, room = fits, later_room
    if start < fits or not places or places == [0]:
        yield start, fits


def content_widths(
    box: Box, across: float, atom: Callable[[Box], tuple[float, float]]
) -> tuple[float, float]:
    """Return the least and the greatest width a block's lines want."""
    least = most = 0.0
    for pieces in pieces_of(box, across):
        narrow = _Ruler(pieces, lambda each: atom(each)[0])
        wide = _Ruler(pieces, lambda each: atom(each)[1])
        most = max(most, wide.width(0, len(wide.text)))
        start = 0
        for place in narrow.breaks():
            for end in narrow.letters_within(start, place):
                least = max(least, narrow.width(start, end))
                start = end
    return least, most


@dataclass(frozen=True, slots=True)
class Measure:
    """Where lines stand: their left edge in the border box, their width, their first one's top."""

    left: float
    width: float
    top: float


def lay_lines(box: Box, measure: Measure) -> float:
    """Set a block's lines; returns the height they take. Small boxes are laid out already."""
    style = box.style
    indent = resolved(style.text_indent, measure.width) or 0.0
    top = measure.top
    box.lines = []
    forced = pieces_of(box, measure.width)
    while len(forced) > 1 and not forced[-1]:
        forced.pop()  # a break at the end makes no line of its own
    for pieces in forced:
        if not pieces and len(forced) == 1:
            break
        ruler = _Ruler(pieces, lambda each: atom_width(each, measure.width))
        if _is_empty(pieces) and len(forced) == 1:
            break
        first_room = measure.width - (0.0 if box.lines else indent)
        ranges = list(line_ranges(ruler, first_room, measure.width))
        for number, (start, stop) in enumerate(ranges):
            line = _line(ruler, start, stop, measure.width)
            _stand(line, style)
            shift = indent if not box.lines else 0.0
            is_last = number == len(ranges) - 1
            _align(line, style, measure.width - shift, is_last=is_last)
            line.x += measure.left + shift
            line.y = top
            top += line.height
            box.lines.append(line)
    return top - measure.top


def _is_empty(pieces: Sequence[Piece]) -> bool:
    """Tell whether pieces make no line: no letters, no small boxes, no edges."""
    return not any(
        piece.atom is not None or piece.edge or piece.text.strip(" ") for piece in pieces
    ) and not any(piece.text and piece.style.keeps_blanks for piece in pieces)


def _line(ruler: _Ruler, start: int, stop: int, across: float) -> Line:
    """Return a line with its fragments side by side, blanks at both ends left out."""
    parts = list(ruler.parts(start, stop))
    for ends, strip in ((parts, "lstrip"), (parts[::-1], "rstrip")):
        for piece, text in ends:
            if piece.atom is not None or (text and piece.style.keeps_blanks):
                break
            if text:
                bare = getattr(text, strip)(" ")
                index = next(i for i, part in enumerate(parts) if part[0] is piece)
                parts[index] = (piece, getattr(parts[index][1], strip)(" "))
                if bare:
                    break
    line, x = Line(), 0.0
    for piece, text in parts:
        if piece.atom is not None:
            width = atom_width(piece.atom, across)
        elif text:
            width = advance(text, piece.style)
        else:
            width = piece.edge
        line.fragments.append(Fragment(replace(piece, text=text), x, width))
        x += width
    return line


def line_height(style: Style) -> float:
    """Return the height of a line of one font."""
    height = style.line_height
    if height is None:
        return sum(ascent_descent(style)) + line_gap(style)
    return -height * style.font_size if height < 0 else height


def reach(style: Style) -> tuple[float, float]:
    """Return how far a line of this style reaches above and below its baseline.

    Half of what the line's height adds stands above, rounded down, as in Blink.
    """
    above, below = ascent_descent(style)
    half = floor((line_height(style) - above - below) / 2)
    return above + half, line_height(style) - above - half


def _stand(line: Line, around: Style) -> None:
    """Set a line's height and baseline, and how far each fragment is raised."""
    top, bottom = reach(around)
    late: list[tuple[Fragment, float, float]] = []
    for fragment in line.fragments:
        piece = fragment.piece
        raised, parent = 0.0, around
        for box in piece.stack:
            raised += _shift(box.style, parent, reach(box.style))
            parent = box.style
            above, below = reach(box.style)
            top, bottom = max(top, above + raised), max(bottom, below - raised)
        if piece.atom is None:
            fragment.raised = raised
            continue
        above, below = atom_reach(piece.atom)
        if piece.style.vertical_align in ("top", "bottom"):
            late.append((fragment, above, below))
            continue
        raised += _shift(piece.style, parent, (above, below))
        fragment.raised = raised
        top, bottom = max(top, above + raised), max(bottom, below - raised)
    for _, above, below in late:
        bottom = max(bottom, above + below - top)
    for fragment, above, below in late:
        is_top = fragment.piece.style.vertical_align == "top"
        fragment.raised = top - above if is_top else below - bottom
    line.baseline, line.height = top, top + bottom


def _shift(style: Style, parent: Style, reaches: tuple[float, float]) -> float:
    """Return how far a box in a line is raised above its parent's baseline."""
    align = style.vertical_align
    above, below = ascent_descent(parent)
    match align:
        case "sub":
            return -(parent.font_size / 5 + 1)
        case "super":
            return parent.font_size / 3 + 1
        case "middle":
            return parent.font_size * X_HEIGHT / 2 - (reaches[0] - reaches[1]) / 2
        case "text-top":
            return above - reaches[0]
        case "text-bottom":
            return reaches[1] - below
        case Percent(share=share):
            return share * line_height(style)
        case float():
            return align
    return 0.0


def atom_reach(box: Box) -> tuple[float, float]:
    """Return how far a small box reaches above and below the baseline: its last line's."""
    margin = box.style.margin
    top, bottom = (resolved(side, box.width) or 0.0 for side in (margin[0], margin[2]))
    base = baseline_of(box) if box.style.overflow == "visible" else None
    if base is None:
        return top + box.height + bottom, 0.0
    return top + base, box.height - base + bottom


def baseline_of(box: Box, *, first: bool = False) -> float | None:
    """Return the baseline of a box's last (or first) line, from its top; None without lines."""
    if box.lines:
        line = box.lines[0 if first else -1]
        return line.y + line.baseline
    blocks = box.blocks if first else list(reversed(box.blocks))
    for child in blocks:
        found = baseline_of(child, first=first)
        if found is not None:
            return child.y + found
    return None


def _align(line: Line, style: Style, room: float, *, is_last: bool) -> None:
    """Move a line's fragments as `text-align` says."""
    spare = room - line.width
    side = style.text_align.removeprefix("-webkit-")
    if side == "justify" and not is_last and spare > 0:
        _justify(line, spare)
    elif side in ("right", "end"):
        line.x = spare
    elif side == "center":
        line.x = spare / 2 if spare > 0 else 0.0


def _justify(line: Line, spare: float) -> None:
    """Widen the blanks of a line until it fills its room."""
    count = sum(each.piece.text.count(" ") for each in line.fragments)
    if not count:
        return
    more, moved = spare / count, 0.0
    for fragment in line.fragments:
        fragment.x += moved
        blanks = fragment.piece.text.count(" ")
        if blanks:
            style = fragment.piece.style
            fragment.piece.style = replace(style, word_spacing=style.word_spacing + more)
            fragment.width += blanks * more
            moved += blanks * more
