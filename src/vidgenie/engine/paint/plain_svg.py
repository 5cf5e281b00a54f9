"""What Skia's SVG reader does not know, said in words that it knows.

It reads presentation attributes, but neither classes nor style sheets; `xlink:href`, but not
`href`; colours by name and hex, but not `hsl()` or `transparent`. Nothing external is ever loaded:
pictures by address, scripts and foreign content are taken out.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2
import tinycss2.color4

from vidgenie.core.edit.drawn import local_name

XLINK = "xlink:href"
SVG, XLINKS = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"

TAKEN_OUT = frozenset({"script", "foreignObject", "style", "animate", "animateTransform", "set"})

PAINTS = {
    "fill": "fill-opacity",
    "stroke": "stroke-opacity",
    "stop-color": "stop-opacity",
    "flood-color": "flood-opacity",
}
"""Attributes that hold a colour, and the one that holds its opacity."""

Declared = tuple[str, str]


def made_plain(root: Element) -> None:
    """Change a document in place. Its own size goes: its box decides how large it is drawn."""
    rules = _rules_of(root)
    if rules is not None:
        for wrapped in cssselect2.ElementWrapper.from_xml_root(root).iter_subtree():
            matches = sorted(rules.match(wrapped), key=lambda match: match[:2])
            _apply(wrapped.etree_element, [pair for match in matches for pair in match[3]])
    for element in list(root.iter()):
        element.tag = local_name(element)
        _apply(element, _declared(element.attrib.pop("style", "")))
        _refer(element)
        for name, share in PAINTS.items():
            _color(element, name, share)
    for element in list(root.iter()):
        for child in [child for child in element if not _is_kept(child)]:
            element.remove(child)
    _size(root)


def _size(root: Element) -> None:
    """Let the document fill its container; without a viewBox its own size becomes it."""
    width, height = root.get("width", ""), root.get("height", "")
    if "viewBox" not in root.attrib and not width.endswith("%") and not height.endswith("%"):
        numbers = [text.removesuffix("px").strip() for text in (width, height)]
        if all(numbers):
            root.set("viewBox", f"0 0 {numbers[0]} {numbers[1]}")
    root.set("xmlns", SVG)
    root.set("xmlns:xlink", XLINKS)
    root.set("width", "100%")
    root.set("height", "100%")


def _is_kept(element: Element) -> bool:
    name = local_name(element)
    if name == "image":
        return element.get(XLINK, "").startswith("data:image/")
    return bool(name) and name not in TAKEN_OUT


def _refer(element: Element) -> None:
    """Name attributes as the reader does: without namespaces, but for `xlink:href`."""
    for name in list(element.attrib):
        bare = name.rpartition("}")[2]
        if bare == "href":
            element.set(XLINK, element.attrib.pop(name))
        elif bare != name:
            del element.attrib[name]


def _color(element: Element, name: str, share: str) -> None:
    """Write a colour as hex, its alpha beside it."""
    text = element.get(name)
    if text is None or text.startswith("url(") or text in ("none", "currentColor", "inherit"):
        return
    color = tinycss2.color4.parse_color(text)
    if color is None or isinstance(color, str):
        return
    red, green, blue = (round(255 * part) for part in color.to("srgb").coordinates)
    element.set(name, f"#{red:02x}{green:02x}{blue:02x}")
    if color.alpha < 1:
        try:
            below = float(element.get(share, "1"))
        except ValueError:
            below = 1.0
        element.set(share, f"{below * color.alpha:g}")


def _rules_of(root: Element) -> cssselect2.Matcher | None:
    """Return the rules of a document's style sheets, by selector; None without one."""
    sheets = [
        "".join(element.itertext()) for element in root.iter() if local_name(element) == "style"
    ]
    if not sheets:
        return None
    matcher = cssselect2.Matcher()
    rules = tinycss2.parse_stylesheet("\n".join(sheets), skip_comments=True, skip_whitespace=True)
    for rule in rules:
        if rule.type != "qualified-rule":
            continue
        try:
            selectors = cssselect2.compile_selector_list(rule.prelude)
        except cssselect2.SelectorError:
            continue
        for selector in selectors:
            matcher.add_selector(selector, _declared(rule.content))
    return matcher


def _declared(content: object) -> list[Declared]:
    """Return name and value of each declaration."""
    return list(_each_declared(content))


def _each_declared(content: object) -> Iterator[Declared]:
    parsed = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    for each in parsed:
        if each.type == "declaration":
            yield each.lower_name, tinycss2.serialize(each.value).strip()


def _apply(element: Element, declared: list[Declared]) -> None:
    for name, value in declared:
        element.set(name, value)
