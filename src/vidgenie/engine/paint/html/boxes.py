"""From a tree of elements to a tree of boxes: blocks, lines' contents, tables (CSS 2.2 §9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import cssselect2

from vidgenie.engine.paint.html.cascade import Cascade
from vidgenie.engine.paint.html.hints import hints
from vidgenie.engine.paint.html.letters import Fonts
from vidgenie.engine.paint.html.properties import computed
from vidgenie.engine.paint.html.style import Style, inherited
from vidgenie.engine.paint.html.values import resolved

if TYPE_CHECKING:
    from vidgenie.engine.paint.html.inline import Line

ATOMS = {"inline-block": "block", "inline-table": "table", "inline-flex": "flex"}
KINDS = {
    "inline": "inline",
    "table": "table",
    "flex": "flex",
    "grid": "flex",
    "inline-grid": "flex",
    "table-row": "row",
    "table-cell": "cell",
    "table-row-group": "group",
    "table-header-group": "group",
    "table-footer-group": "group",
    "none": "none",
    "table-column": "none",
    "table-column-group": "none",
    "contents": "contents",
}
SMALL_CAPS = 0.7
"""The size of small capitals made of large ones, as browsers make them."""

ATTRIBUTES = ("colspan", "rowspan", "start", "value")


@dataclass(slots=True, eq=False)
class Text:
    """A run of letters."""

    text: str
    style: Style


@dataclass(slots=True, eq=False)
class Break:
    """A forced end of a line."""

    style: Style


@dataclass(slots=True, eq=False)
class Box:
    """A box; layout sets its border box, relative to its parent's border box."""

    style: Style
    kind: str
    children: list["Node"] = field(default_factory=list)
    is_atom: bool = False
    marker: str = ""
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    lines: list["Line"] = field(default_factory=list)

    @property
    def is_inline(self) -> bool:
        """It stands in a line."""
        return self.kind == "inline" or self.is_atom

    @property
    def blocks(self) -> list["Box"]:
        """Its children that are boxes."""
        return [child for child in self.children if isinstance(child, Box)]

    def inner_edges(self, across: float) -> tuple[float, float, float, float]:
        """Return border and padding, each side together; shares count the width around it."""
        pads = [resolved(side, across) or 0.0 for side in self.style.padding]
        top, right, bottom, left = (
            border + pad for border, pad in zip(self.style.borders, pads, strict=True)
        )
        return top, right, bottom, left


Node = Box | Text | Break


class Builder:
    """Makes the boxes of one page."""

    def __init__(self, cascade: Cascade, page: tuple[float, float], fonts: Fonts) -> None:
        self._fonts = fonts
        self._cascade = cascade
        self._page = page
        self._root_size = 16.0

    def root(self, element: Element, initial: Style) -> Box:
        """Return the box of a page's root."""
        wrapped = cssselect2.ElementWrapper.from_html_root(element)
        style = self._style(wrapped, initial, None)
        self._root_size = style.font_size
        box = Box(style, "block")
        box.children = flow(self._children(wrapped, style, None))
        return box

    def _style(self, wrapped: Any, parent: Style, table: Element | None) -> Style:
        element = wrapped.etree_element
        declared = self._cascade.declared(wrapped, hints(element, table))
        style = computed(declared, parent, self._root_size, self._page)
        if style.display in ("table-cell", "table-row", "table-row-group") and (
            "vertical-align" not in declared
        ):
            style.vertical_align = parent.vertical_align
        style.font = self._fonts.choice(style)
        style.attributes = {name: element.get(name) or "" for name in ATTRIBUTES}
        return style

    def _children(self, wrapped: Any, style: Style, table: Element | None) -> list[Node]:
        element, nodes, count = wrapped.etree_element, list[Node](), 0
        if element.text:
            nodes += _texts(element.text, style)
        for child in wrapped.iter_children():
            below = child.etree_element
            if below.tag == "li":
                count = _number(below.get("value"), count + 1 if count else _start(style))
            nodes += self._nodes(child, style, table, count)
            if below.tail:
                nodes += _texts(below.tail, style)
        return nodes

    def _nodes(
        self, wrapped: Any, parent: Style, table: Element | None, count: int
    ) -> Sequence[Node]:
        element = wrapped.etree_element
        if element.tag == "br":
            return (Break(parent),)
        if element.tag == "wbr":
            return (Text("\u200b", parent),)
        style = self._style(wrapped, parent, table)
        is_atom = style.display in ATOMS
        kind = KINDS.get(ATOMS.get(style.display, style.display), "block")
        if kind == "none":
            return ()
        inner = self._children(wrapped, style, element if kind == "table" else table)
        if kind == "contents":
            return inner
        if kind == "inline" and (style.floats != "none" or _has_blocks(inner)):
            kind = "block"
        if is_atom or kind in ("flex", "cell"):
            style.text_decoration = style.text_decoration if kind == "cell" else ()
        box = Box(style, kind, inner, is_atom)
        if style.display == "list-item":
            box.marker = marker(style.list_style_type, count)
        if kind == "flex":
            box.children = [_as_item(node) for node in _wrapped(inner, style)]
        elif kind != "inline":
            box.children = _table(box) if kind == "table" else flow(inner)
        return (box,)


def _has_blocks(nodes: Sequence[Node]) -> bool:
    return any(isinstance(node, Box) and not node.is_inline for node in nodes)


def flow(nodes: list[Node]) -> list[Node]:
    """Return contents that are all lines', or all blocks: lines between blocks get a box."""
    if not _has_blocks(nodes):
        return nodes
    style = next(node.style for node in nodes)
    return list(_wrapped(nodes, style))


def _wrapped(nodes: Sequence[Node], around: Style) -> Iterator[Box]:
    """Yield blocks; runs between them in a box without a look of its own."""
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and not (isinstance(node, Box) and not node.is_inline):
            run.append(node)
            continue
        if any(not isinstance(each, Text) or not _is_blank(each) for each in run):
            style = replace(inherited(around), display="block", vertical_align="baseline")
            source = run[0].style if isinstance(run[0], Text | Break) else None
            if source is not None:
                style = replace(inherited(source), display="block")
            yield Box(style, "block", run)
        run = []
        if isinstance(node, Box):
            yield node


def _is_blank(text: Text) -> bool:
    return not text.text.strip(" \t\r\n\f") and not text.style.keeps_blanks


def _as_item(box: Box) -> Node:
    box.is_atom = False
    if box.kind == "inline":
        box.kind = "block"
    return box


def _table(box: Box) -> list[Node]:
    """Return a table's rows, their cells whole; captions stay blocks before them."""
    return list(_rows(box.children, box.style))


def _rows(nodes: Sequence[Node], style: Style) -> Iterator[Box]:
    loose: list[Node] = []
    for node in [*nodes, None]:
        is_row = isinstance(node, Box) and (
            node.kind in ("row", "group") or node.style.display == "table-caption"
        )
        if node is not None and not is_row:
            loose.append(node)
            continue
        if any(not isinstance(each, Text) or not _is_blank(each) for each in loose):
            yield _row(Box(replace(inherited(style), display="table-row"), "row", loose))
        loose = []
        if isinstance(node, Box) and node.kind == "group":
            yield from _rows(node.children, node.style)
        elif isinstance(node, Box):
            yield _row(node) if node.kind == "row" else node


def _row(box: Box) -> Box:
    cells: list[Node] = []
    for block in _wrapped(box.children, box.style):
        if block.kind != "cell":
            style = replace(inherited(box.style), display="table-cell")
            style.vertical_align = box.style.vertical_align
            block = Box(style, "cell", [block])
        cells.append(block)
    box.children = cells
    return box


def _texts(text: str, style: Style) -> list[Node]:
    """Return text as it is shown: case changed, small capitals in a size of their own."""
    match style.text_transform:
        case "uppercase":
            text = text.upper()
        case "lowercase":
            text = text.lower()
        case "capitalize":
            text = _capitalized(text)
    if style.font_variant != "small-caps":
        return [Text(text, style)]
    nodes: list[Node] = []
    small = replace(style, font_size=style.font_size * SMALL_CAPS)
    for letter in text:
        is_small = letter.upper() != letter
        shown, looks = (letter.upper(), small) if is_small else (letter, style)
        last = nodes[-1] if nodes else None
        if isinstance(last, Text) and last.style is looks:
            last.text += shown
        else:
            nodes.append(Text(shown, looks))
    return nodes


def _capitalized(text: str) -> str:
    made, is_start = [], True
    for letter in text:
        made.append(letter.upper() if is_start else letter)
        is_start = not (letter.isalnum() or letter in "'’")
    return "".join(made)


def _start(style: Style) -> int:
    return _number(style.attributes.get("start"), 1)


def _number(text: str | None, otherwise: int) -> int:
    try:
        return max(-9999, min(9999, int(text or "")))
    except ValueError:
        return otherwise


ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"))
ROMAN_LOW = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def marker(kind: str, count: int) -> str:
    """Return what stands before a list's item: a kind of bullet by name, or its number."""
    if kind in ("none", "disc", "circle", "square"):
        return "" if kind == "none" else kind
    if count > 0 and kind.endswith(("alpha", "latin")):
        text, left = "", count
        while left > 0:
            left, letter = divmod(left - 1, 26)
            text = chr(ord("a") + letter) + text
    elif count > 0 and kind.endswith("roman"):
        text, left = "", count
        for value, letters in ROMAN + ROMAN_LOW:
            times, left = divmod(left, value)
            text += letters * times
    else:
        text = str(count)
    return f"{text.upper() if kind.startswith('upper') else text}. "
