"""Flex boxes in their simple forms: one row or one column, no wrapping (CSS Flexbox 1 §9)."""

from vidgenie.engine.paint.html import block
from vidgenie.engine.paint.html.boxes import Box
from vidgenie.engine.paint.html.values import resolved

GAPS = {"space-between": (0.0, 1.0), "space-around": (0.5, 1.0), "space-evenly": (1.0, 1.0)}
"""What stands before the first and between two, in shares of one gap."""


def wanted(box: Box, across: float) -> tuple[float, float]:
    """Return the least and the greatest width of its content."""
    pairs = [block.outer_wanted(child, across) for child in box.blocks]
    if not pairs:
        return 0.0, 0.0
    if box.style.flex_direction == "column":
        return max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    gaps = box.style.gap * (len(pairs) - 1)
    return sum(pair[0] for pair in pairs) + gaps, sum(pair[1] for pair in pairs) + gaps


def lay_flex(box: Box, room: float) -> float:
    """Lay its items within a content width; returns the height they take."""
    if box.style.flex_direction == "column":
        return _column(box, room)
    return _row(box, room)


def _row(box: Box, room: float) -> float:
    style, edges, items = box.style, box.inner_edges(room), box.blocks
    gaps = style.gap * max(0, len(items) - 1)
    bases = [_base(item, room) for item in items]
    spare = room - sum(bases) - gaps
    grow = sum(item.style.flex_grow for item in items)
    widths = list(bases)
    if spare > 0 and grow > 0:
        widths = [
            w + spare * i.style.flex_grow / max(1.0, grow)
            for w, i in zip(bases, items, strict=True)
        ]
        spare = room - sum(widths) - gaps
    elif spare < 0:
        least = [block.outer_wanted(item, room)[0] for item in items]
        slack = sum(max(0.0, w - n) for w, n in zip(bases, least, strict=True))
        share = min(1.0, -spare / slack) if slack else 0.0
        widths = [w - share * max(0.0, w - n) for w, n in zip(bases, least, strict=True)]
        spare = min(0.0, room - sum(widths) - gaps)
    for item, width in zip(items, widths, strict=True):
        block.lay_block(
            item, room, width=max(0.0, width - sum(_sides(item, room)[1::2])), is_root=True
        )
    height = _inner_height(
        box, room, max((_outer_height(item, room) for item in items), default=0.0)
    )
    before, between = _gaps(style.justify_content, spare, len(items))
    x = edges[3] + before
    for item, width in zip(items, widths, strict=True):
        margin = _sides(item, room)
        item.x = x + margin[3]
        item.y = edges[0] + margin[0] + _cross(item, style.align_items, height, room)
        x += width + style.gap + between
    return height


def _column(box: Box, room: float) -> float:
    style, edges, items = box.style, box.inner_edges(room), box.blocks
    for item in items:
        margin = _sides(item, room)
        least, most = block.wanted(item, room)
        free = room - margin[1] - margin[3]
        width = free if style.align_items in ("stretch", "normal") else max(least, min(most, free))
        said = resolved(item.style.width, room)
        width = width if said is None else block.limited(item, room, said)
        block.lay_block(item, room, width=width, is_root=True)
        spare = free - item.width
        shift = {"center": spare / 2, "end": spare}.get(style.align_items, 0.0)
        item.x = edges[3] + margin[3] + shift
    taken = sum(_outer_height(item, room) for item in items) + style.gap * max(0, len(items) - 1)
    height = _inner_height(box, room, taken)
    before, between = _gaps(style.justify_content, height - taken, len(items))
    y = edges[0] + before
    for item in items:
        item.y = y + _sides(item, room)[0]
        y += _outer_height(item, room) + style.gap + between
    return height


def _base(item: Box, room: float) -> float:
    margin = _sides(item, room)
    said = resolved(item.style.width, room)
    width = block.wanted(item, room)[1] if said is None else block.limited(item, room, said)
    return width + margin[1] + margin[3]


def _sides(item: Box, room: float) -> tuple[float, float, float, float]:
    top, right, bottom, left = (resolved(side, room) or 0.0 for side in item.style.margin)
    return top, right, bottom, left


def _outer_height(item: Box, room: float) -> float:
    return item.height + sum(_sides(item, room)[::2])


def _inner_height(box: Box, room: float, taken: float) -> float:
    """Return the height in which items are aligned: what is said, or what they take."""
    height, edges = box.style.height, box.inner_edges(room)
    least = box.style.min_height
    inside = edges[0] + edges[2] if box.style.box_sizing == "border-box" else 0.0
    if isinstance(height, float):
        return max(0.0, height - inside)
    return max(taken, least - inside) if isinstance(least, float) else taken


def _gaps(justify: str, spare: float, count: int) -> tuple[float, float]:
    """Return what stands before the first item, and what between two beside the gap."""
    if justify == "center":
        return spare / 2, 0.0
    if justify in ("end", "right"):
        return spare, 0.0
    if justify not in GAPS or spare <= 0 or not count:
        return 0.0, 0.0
    units = {"space-between": count - 1, "space-around": count, "space-evenly": count + 1}
    if not units[justify]:
        return 0.0, 0.0
    before, between = GAPS[justify]
    each = spare / units[justify]
    return before * each, between * each


def _cross(item: Box, align: str, height: float, room: float) -> float:
    """Return how far an item of a row stands below its top; stretched ones are made higher."""
    spare = height - _outer_height(item, room)
    if align in ("stretch", "normal") and item.style.height is None:
        item.height += max(0.0, spare)
    return {"center": spare / 2, "end": spare}.get(align, 0.0)
