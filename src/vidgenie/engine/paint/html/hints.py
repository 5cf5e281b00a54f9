"""What attributes of old say about looks, as CSS (HTML Standard §15.3)."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_SIZE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(%|px)?\s*")
_COLOR = re.compile(r"#?[0-9a-zA-Z]{3,20}")
_NAME = re.compile(r"[^;{}\"']{1,200}")
FONT_SIZES = ("x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large")
ALIGNS = {"left": "left", "right": "right", "center": "center", "middle": "center"}
VALIGNS = ("top", "middle", "bottom", "baseline")
CELLS = ("td", "th")
LISTS = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman"}


def hints(element: Element, table: Element | None) -> str:
    """Return an element's attributes as declarations; `table` is the one a cell belongs to."""
    return "; ".join(_each(element, table))


def _each(element: Element, table: Element | None) -> Iterator[str]:
    tag = element.tag
    if tag == "font":
        yield from _font(element)
    for name, declared in (("bgcolor", "background-color"), ("text", "color")):
        if name == "bgcolor" or tag == "body":
            yield from _color(element.get(name), declared)
    if tag in ("table", "td", "th", "col", "tr", "hr"):
        for name in ("width", "height"):
            yield from _size(element.get(name), name)
    align = (element.get("align") or "").lower()
    if align == "justify":
        yield "text-align: justify"
    elif align in ALIGNS:
        yield from _align(str(tag), ALIGNS[align])
    if (element.get("valign") or "").lower() in VALIGNS:
        yield f"vertical-align: {element.get('valign')}"
    if tag == "table":
        yield from _table(element)
    elif tag in CELLS:
        yield from _cell(element, table)
    elif tag == "br" or tag == "hr":
        yield from _color(element.get("color"), "border-color")
    elif tag in ("ol", "li") and element.get("type") in LISTS:
        yield f"list-style-type: {LISTS[element.get('type') or '1']}"
    if "nowrap" in element.attrib:
        yield "white-space: nowrap"


def _font(element: Element) -> Iterator[str]:
    yield from _color(element.get("color"), "color")
    face = element.get("face") or ""
    if _NAME.fullmatch(face):
        yield f"font-family: {face}"
    size = (element.get("size") or "").strip()
    if re.fullmatch(r"[+-]?\d", size):
        level = int(size) + (3 if size[0] in "+-" else 0)
        yield f"font-size: {FONT_SIZES[max(1, min(7, level)) - 1]}"


def _align(tag: str, side: str) -> Iterator[str]:
    if tag == "table":
        if side == "center":
            yield "margin-left: auto; margin-right: auto"
        else:
            yield f"float: {side}"
    elif tag == "hr":
        yield f"margin-left: {'0' if side == 'left' else 'auto'}"
    else:
        yield f"text-align: -webkit-{side}"


def _table(element: Element) -> Iterator[str]:
    yield from _size(element.get("cellspacing"), "border-spacing")
    yield from _color(element.get("bordercolor"), "border-color")
    border = element.get("border")
    if border is not None and border.strip() != "0":
        yield "border-style: outset"
        yield from _size(border or "1", "border-width")


def _cell(element: Element, table: Element | None) -> Iterator[str]:
    if table is None:
        return
    yield from _size(table.get("cellpadding"), "padding")
    border = table.get("border")
    if border is not None and border.strip() != "0":
        yield "border: 1px inset gray"


def _color(value: str | None, name: str) -> Iterator[str]:
    if value and _COLOR.fullmatch(value.strip()):
        text = value.strip()
        yield f"{name}: {'#' if re.fullmatch('[0-9a-fA-F]{6}', text) else ''}{text}"


def _size(value: str | None, name: str) -> Iterator[str]:
    found = _SIZE.fullmatch(value or "")
    if found:
        yield f"{name}: {found.group(1)}{'%' if found.group(2) == '%' else 'px'}"
