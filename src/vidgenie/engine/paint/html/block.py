"""Blocks: where boxes lie above and beside one another (CSS 2.2 §8.3.1, §9.4.1, §10)."""

from dataclasses import dataclass, field

from vidgenie.engine.paint.html import flex, table
from vidgenie.engine.paint.html.boxes import Box, Node
from vidgenie.engine.paint.html.inline import Measure, content_widths, lay_lines
from vidgenie.engine.paint.html.style import Style
from vidgenie.engine.paint.html.values import resolved


@dataclass(frozen=True, slots=True)
class Margin:
    """Margins that collapse: the largest above zero and the least below it."""

    above: float = 0.0
    below: float = 0.0

    @classmethod
    def of(cls, value: float) -> "Margin":
        """Return one margin."""
        return cls(max(0.0, value), min(0.0, value))

    def joined(self, other: "Margin") -> "Margin":
        """Return both, collapsed."""
        return Margin(max(self.above, other.above), min(self.below, other.below))

    @property
    def value(self) -> float:
        """What they come to, in pixels."""
        return self.above + self.below


NO_MARGIN = Margin()


@dataclass(frozen=True, slots=True)
class Placed:
    """A laid-out block: what is left of its margins, and whether they meet through it."""

    top: Margin
    bottom: Margin
    is_through: bool = False


@dataclass(slots=True)
class Stack:
    """Blocks being laid one below the other."""

    y: float
    can_rise: bool
    top: Margin = NO_MARGIN
    pending: Margin = NO_MARGIN
    is_at_start: bool = True
    placed: list[Box] = field(default_factory=list)

    def put(self, box: Box, laid: Placed) -> None:
        """Put the next block below those before."""
        meeting = self.pending.joined(laid.top)
        if laid.is_through:
            rises = self.is_at_start and self.can_rise
            box.y = self.y if rises else self.y + meeting.value
            self.pending = meeting.joined(laid.bottom)
            return
        if self.is_at_start and self.can_rise:
            self.top = self.top.joined(meeting)
        else:
            self.y += meeting.value
        box.y = self.y
        self.y += box.height
        self.pending, self.is_at_start = laid.bottom, False


def lay_block(
    box: Box, across: float, *, width: float | None = None, is_root: bool = False
) -> Placed:
    """Lay a block within a containing width; `width` is its border box's, where that is known.

    `is_root` marks a box whose margins do not collapse with its contents': cells, small boxes.
    """
    style = box.style
    box.width = _width(box, across) if width is None else width
    edges = box.inner_edges(across)
    inner = max(0.0, box.width - edges[1] - edges[3])
    if box.kind == "table":
        used = table.lay_table(box, inner)
        content, stack = used, None
    elif box.kind == "flex":
        content, stack = flex.lay_flex(box, inner), None
    elif _holds_lines(box):
        lay_atoms(box.children, inner)
        content, stack = lay_lines(box, Measure(edges[3], inner, edges[0])), None
    else:
        stack = _lay_children(box, inner, is_root=is_root)
        content = stack.y - edges[0]
    return _close(box, across, content, stack) if stack else _finish(box, across, content, style)


def _holds_lines(box: Box) -> bool:
    return all(not isinstance(child, Box) or child.is_inline for child in box.children)


def _lay_children(box: Box, inner: float, *, is_root: bool) -> Stack:
    edges = box.inner_edges(inner)
    hides = box.style.overflow != "visible"
    stack = Stack(y=edges[0], can_rise=not edges[0] and not is_root and not hides)
    for child in box.blocks:
        laid = lay_block(child, inner)
        child.x = edges[3] + _shift(child, box.style, inner)
        stack.put(child, laid)
    can_fall = not edges[2] and not is_root and not hides and box.style.height is None
    if stack.is_at_start and stack.can_rise:
        return stack  # nothing but margins: whether they meet is the caller's to say
    if not can_fall:
        stack.y += max(0.0, stack.pending.value)
        stack.pending = NO_MARGIN
    return stack


def _shift(child: Box, around: Style, inner: float) -> float:
    """Return a block's left edge within its container: margins, `auto` ones, HTML's `align`."""
    margin = child.style.margin
    left, right = resolved(margin[3], inner), resolved(margin[1], inner)
    spare = inner - child.width - (left or 0.0) - (right or 0.0)
    side = around.text_align
    if child.style.floats != "none":
        side = f"-webkit-{child.style.floats}"
    if left is None and right is None:
        return max(0.0, spare / 2)
    if left is None or (side == "-webkit-right" and right is not None):
        return (left or 0.0) + max(0.0, spare)
    if side == "-webkit-center":
        return left + max(0.0, spare / 2)
    return left


def _close(box: Box, across: float, content: float, stack: Stack) -> Placed:
    """Finish a block of blocks: its height, and the margins that are left of it."""
    own_top, own_bottom = _own_margins(box, across)
    is_empty = stack.is_at_start and stack.can_rise
    if is_empty and not _height(box, across, 0.0):
        box.height = 0.0
        return Placed(own_top.joined(stack.pending), own_bottom, is_through=True)
    box.height = _height(box, across, content)
    return Placed(own_top.joined(stack.top), own_bottom.joined(stack.pending))


def _finish(box: Box, across: float, content: float, style: Style) -> Placed:
    """Finish a block of lines, a table or a row of boxes."""
    own_top, own_bottom = _own_margins(box, across)
    box.height = _height(box, across, content)
    is_through = box.height == 0 and not box.lines and box.kind == "block"
    return Placed(own_top, own_bottom, is_through)


def _own_margins(box: Box, across: float) -> tuple[Margin, Margin]:
    margin = box.style.margin
    top, bottom = (resolved(side, across) or 0.0 for side in (margin[0], margin[2]))
    return Margin.of(top), Margin.of(bottom)


def _height(box: Box, across: float, content: float) -> float:
    """Return a border box's height: what is said, or what its content takes."""
    style = box.style
    edges = box.inner_edges(across)
    spare = edges[0] + edges[2]

    def border_box(value: float) -> float:
        return max(value, spare) if style.box_sizing == "border-box" else value + spare

    height = content + spare
    # A share of a height that is not known is none (CSS 2.2 §10.5).
    # A cell's is its row's to say.
    if isinstance(style.height, float) and box.kind != "cell":
        said = border_box(style.height)
        height = max(said, height) if box.kind == "table" else said
    if isinstance(style.max_height, float):
        height = min(height, border_box(style.max_height))
    if isinstance(style.min_height, float):
        height = max(height, border_box(style.min_height))
    return height


def _width(box: Box, across: float) -> float:
    """Return a border box's width within a containing width."""
    style = box.style
    margin = style.margin
    room = across - sum(resolved(side, across) or 0.0 for side in (margin[1], margin[3]))
    said = resolved(style.width, across)
    if said is not None:
        return limited(box, across, said)
    if box.kind == "table" or box.is_atom or style.floats != "none":
        least, most = wanted(box, across)
        width = max(least, min(most, room))
    else:
        width = max(0.0, room)
    edges = box.inner_edges(across)
    inside = 0.0 if style.box_sizing == "border-box" else edges[1] + edges[3]
    return limited(box, across, width - inside)


def limited(box: Box, across: float, said: float) -> float:
    """Return the border box's width of a width that is said, within its bounds."""
    style, edges = box.style, box.inner_edges(across)
    most, least = resolved(style.max_width, across), resolved(style.min_width, across)
    if most is not None:
        said = min(said, most)
    said = max(said, least or 0.0)
    inside = edges[1] + edges[3]
    is_whole = style.box_sizing == "border-box" or box.kind == "table"
    width = max(said, inside) if is_whole else said + inside
    return max(width, wanted(box, across)[0]) if box.kind == "table" else width


def wanted(box: Box, across: float) -> tuple[float, float]:
    """Return the least and the greatest width a box's border box wants (CSS Sizing 3 §5.1)."""
    style, edges = box.style, box.inner_edges(across)
    inside = edges[1] + edges[3]
    if isinstance(style.width, float) and box.kind not in ("table", "cell"):
        width = style.width if style.box_sizing == "border-box" else style.width + inside
        return width, width
    if box.kind == "table":
        least, most = table.wanted(box, across)
    elif box.kind == "flex":
        least, most = flex.wanted(box, across)
    elif _holds_lines(box):
        least, most = content_widths(box, across, lambda each: outer_wanted(each, across))
    else:
        pairs = [outer_wanted(child, across) for child in box.blocks]
        least = max((pair[0] for pair in pairs), default=0.0)
        most = max((pair[1] for pair in pairs), default=0.0)
    least, most = least + inside, most + inside
    if isinstance(style.max_width, float):
        bound = style.max_width + (0.0 if style.box_sizing == "border-box" else inside)
        least, most = min(least, bound), min(most, bound)
    if isinstance(style.min_width, float):
        least, most = max(least, style.min_width), max(most, style.min_width)
    return least, max(least, most)


def outer_wanted(box: Box, across: float) -> tuple[float, float]:
    """Return what a box wants with its margins."""
    least, most = wanted(box, across)
    margins = sum(
        resolved(side, across) or 0.0 for side in (box.style.margin[1], box.style.margin[3])
    )
    return least + margins, most + margins


def lay_atoms(nodes: list[Node], across: float) -> None:
    """Lay the small boxes in lines, however deep they stand in boxes of the line."""
    for node in nodes:
        if isinstance(node, Box) and node.is_atom:
            lay_block(node, across, is_root=True)
        elif isinstance(node, Box):
            lay_atoms(node.children, across)
