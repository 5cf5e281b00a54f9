"""Tables: columns as wide as their cells want, rows as high (CSS 2.2 §17.5)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from vidgenie.engine.paint.html import block
from vidgenie.engine.paint.html.boxes import Box
from vidgenie.engine.paint.html.inline import baseline_of
from vidgenie.engine.paint.html.values import Percent

SPAN_MAX = 100
COLUMNS_MAX = 200


@dataclass(slots=True)
class Cell:
    """A cell and the first and the number of the columns and rows that it takes."""

    box: Box
    row: int
    column: int
    rows: int
    columns: int


@dataclass(slots=True)
class Column:
    """What a column wants: its least and greatest width, and what is said of it."""

    least: float = 0.0
    most: float = 0.0
    fixed: float | None = None
    share: float | None = None
    width: float = field(default=0.0)


def _cells(table: Box) -> tuple[list[Cell], int, int]:
    """Return a table's cells in their places, and how many columns and rows it has."""
    taken: set[tuple[int, int]] = set()
    cells, count = [], 0
    rows = [row for row in table.blocks if row.kind == "row"]
    for index, row in enumerate(rows):
        column = 0
        for box in row.blocks:
            while (index, column) in taken:
                column += 1
            if column >= COLUMNS_MAX:
                break
            wide, high = _span(box, "colspan"), min(_span(box, "rowspan"), len(rows) - index)
            wide = min(wide, COLUMNS_MAX - column)
            taken |= {
                (index + down, column + right) for down in range(high) for right in range(wide)
            }
            cells.append(Cell(box, index, column, high, wide))
            column += wide
            count = max(count, column)
    return cells, count, len(rows)


def _span(box: Box, name: str) -> int:
    text = box.style.attributes.get(name, "").strip()
    return max(1, min(SPAN_MAX, int(text))) if text.isdecimal() and text.isascii() else 1


def _spacing(table: Box) -> float:
    return 0.0 if table.style.border_collapse == "collapse" else table.style.border_spacing


def _columns(table: Box, across: float) -> list[Column]:
    cells, count, _ = _cells(table)
    columns = [Column() for _ in range(count)]
    for cell in sorted(cells, key=lambda cell: cell.columns):
        least, most = block.wanted(cell.box, across)
        said = cell.box.style.width
        if isinstance(said, float):
            edges = cell.box.inner_edges(across)
            is_whole = cell.box.style.box_sizing == "border-box"
            fixed = max(least, said if is_whole else said + edges[1] + edges[3])
            most = fixed
        mine = columns[cell.column : cell.column + cell.columns]
        if cell.columns == 1:
            column = mine[0]
            column.least, column.most = max(column.least, least), max(column.most, most)
            if isinstance(said, float):
                column.fixed = max(column.fixed or 0.0, fixed)
            elif isinstance(said, Percent):
                column.share = max(column.share or 0.0, said.share)
            continue
        gaps = _spacing(table) * (cell.columns - 1)
        for name, want in (("least", least), ("most", most)):
            lacking = want - gaps - sum(getattr(column, name) for column in mine)
            for column in mine:
                value = getattr(column, name) + max(0.0, lacking) / len(mine)
                setattr(column, name, value)
    for column in columns:
        column.most = max(column.least, column.most if column.fixed is None else column.fixed)
    return columns


def wanted(table: Box, across: float) -> tuple[float, float]:
    """Return the least and the greatest width of a table's content box."""
    columns = _columns(table, across)
    gaps = _spacing(table) * (len(columns) + 1) if columns else 0.0
    least = sum(column.least for column in columns) + gaps
    most = sum(column.most for column in columns) + gaps
    for column in columns:
        if column.share:
            most = max(most, column.most / column.share)
    return least, max(least, most)


def _distribute(columns: list[Column], room: float) -> None:
    """Share a table's width among its columns (CSS 2.2 §17.5.2.2, as browsers do it)."""
    for column in columns:
        column.width = column.least
        if column.share is not None:
            column.width = max(column.least, column.share * room)
    spare = room - sum(column.width for column in columns)
    fixed = [column for column in columns if column.share is None and column.fixed is not None]
    free = [column for column in columns if column.share is None and column.fixed is None]
    for group in (fixed, free):
        spare -= _grow(group, spare)
    if spare > 0:
        group = free or fixed or columns
        whole = sum(column.most for column in group)
        for column in group:
            column.width += spare * (column.most / whole if whole else 1 / len(group))
    elif spare < 0:
        over = [column for column in columns if column.width > column.least]
        slack = sum(column.width - column.least for column in over)
        for column in over:
            column.width += max(-1.0, spare / slack) * (column.width - column.least)


def _grow(group: list[Column], spare: float) -> float:
    """Widen columns towards what they want, in proportion; returns what was taken."""
    lacking = sum(column.most - column.width for column in group)
    taken = max(0.0, min(spare, lacking))
    if lacking > 0:
        for column in group:
            column.width += taken * (column.most - column.width) / lacking
    return taken


def lay_table(table: Box, room: float) -> float:
    """Lay a table's cells within its content width; returns the height they take."""
    cells, count, row_count = _cells(table)
    edges, gap = table.inner_edges(room), _spacing(table)
    columns = _columns(table, room)
    _distribute(columns, room - gap * (count + 1) if count else room)
    heights = [0.0] * row_count
    naturals: list[float] = []
    for cell in cells:
        mine = columns[cell.column : cell.column + cell.columns]
        width = sum(column.width for column in mine) + gap * (cell.columns - 1)
        block.lay_block(cell.box, room, width=width, is_root=True)
        naturals.append(cell.box.height)
        cell.box.height = max(cell.box.height, _said_height(cell.box, room))
        if cell.rows == 1:
            heights[cell.row] = max(heights[cell.row], cell.box.height)
    _raise_rows(table, cells, heights, gap)
    top = edges[0] + _captions(table, room, edges)
    start = top
    lefts = list(_lefts(columns, edges[3], gap))
    tops = []
    for height in heights:
        top += gap
        tops.append(top)
        top += height
    for cell, natural in zip(cells, naturals, strict=True):
        bottom = tops[cell.row + cell.rows - 1] + heights[cell.row + cell.rows - 1]
        cell.box.x, cell.box.y = lefts[cell.column], tops[cell.row]
        cell.box.height = bottom - tops[cell.row]
        _sink(cell, natural, cells)
    _rows(table, tops, heights, (edges[3] + gap, room - 2 * gap))
    return top + (gap if row_count else 0.0) - start + (start - edges[0])


def _said_height(cell: Box, room: float) -> float:
    """Return the height that is said of a cell's border box; 0 for none."""
    said, edges = cell.style.height, cell.inner_edges(room)
    if not isinstance(said, float):
        return 0.0
    return said if cell.style.box_sizing == "border-box" else said + edges[0] + edges[2]


def _captions(table: Box, room: float, edges: tuple[float, float, float, float]) -> float:
    height = 0.0
    for box in table.blocks:
        if box.kind != "row":
            block.lay_block(box, room, is_root=True)
            box.x, box.y = edges[3], edges[0] + height
            height += box.height
    return height


def _lefts(columns: list[Column], left: float, gap: float) -> Iterator[float]:
    for column in columns:
        left += gap
        yield left
        left += column.width


def _raise_rows(table: Box, cells: list[Cell], heights: list[float], gap: float) -> None:
    """Make rows as high as is said, as cells over several want, and as the table is."""
    rows = [row for row in table.blocks if row.kind == "row"]
    for index, row in enumerate(rows):
        if isinstance(row.style.height, float):
            heights[index] = max(heights[index], row.style.height)
    for cell in cells:
        if cell.rows > 1:
            span = range(cell.row, cell.row + cell.rows)
            lacking = cell.box.height - sum(heights[i] for i in span) - gap * (cell.rows - 1)
            heights[span[-1]] += max(0.0, lacking)
    said = table.style.height
    if isinstance(said, float) and heights:
        spare = said - sum(heights) - gap * (len(heights) + 1)
        whole = sum(heights)
        for index, height in enumerate(heights):
            share = height / whole if whole else 1 / len(heights)
            heights[index] += max(0.0, spare) * share


def _sink(cell: Cell, natural: float, cells: list[Cell]) -> None:
    """Move a cell's content down as `vertical-align` says."""
    spare = cell.box.height - natural
    align = cell.box.style.vertical_align
    if align == "middle":
        down = spare / 2
    elif align == "bottom":
        down = spare
    elif align == "baseline":
        row = [baseline_of(each.box, first=True) or 0.0 for each in cells if each.row == cell.row]
        down = min(max(0.0, spare), max(row) - (baseline_of(cell.box, first=True) or 0.0))
    else:
        down = 0.0
    for line in cell.box.lines:
        line.y += down
    if not cell.box.lines:
        for child in cell.box.blocks:
            child.y += down


def _rows(table: Box, tops: list[float], heights: list[float], across: tuple[float, float]) -> None:
    """Set the rows' boxes, whose backgrounds are painted; cells count from their row."""
    rows = [row for row in table.blocks if row.kind == "row"]
    for row, top, height in zip(rows, tops, heights, strict=True):
        row.x, row.y = across[0], top
        row.width, row.height = across[1], height
        for cell in row.blocks:
            cell.x, cell.y = cell.x - row.x, cell.y - row.y
