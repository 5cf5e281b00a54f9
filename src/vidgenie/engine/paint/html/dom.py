"""From markup to a tree of bounded size."""

import re
from xml.etree.ElementTree import Element

import tinyhtml5

from vidgenie.core.edit.limits import HTML_DEPTH_MAX, HTML_NODES_MAX

HIDDEN = frozenset(
    ("head", "link", "meta", "title", "script", "noscript", "template", "style", "source", "track")
    + ("img", "picture", "svg", "math", "video", "audio", "canvas", "iframe", "object", "embed")
    + ("input", "select", "textarea", "button", "area", "base", "param")
)
"""Elements that show nothing here; nothing is ever fetched or run."""


OPEN_MAX = 1_000
"""Elements open at once that are still read: a parser asks all open ones at each new one."""

_TAG = re.compile(r"<(/?)([a-zA-Z]+)")
CLOSE_BY_THEMSELVES = frozenset(
    ("br", "hr", "img", "wbr", "col", "input", "meta", "link", "p", "li", "dt", "dd")
    + ("tr", "td", "th", "tbody", "thead", "tfoot", "html", "head", "body", "option")
)


def parse(markup: str) -> Element:
    """Return the root of a page: any text is one, as in a browser (HTML Standard §13.2)."""
    root = tinyhtml5.parse(_cut(markup), namespace_html_elements=False)
    assert isinstance(root, Element), root
    return root


def _cut(markup: str) -> str:
    """Return markup up to where it opens more than a reader can bear."""
    count = 0
    for tag in _TAG.finditer(markup):
        if tag.group(2).lower() not in CLOSE_BY_THEMSELVES:
            count = max(0, count - 1) if tag.group(1) else count + 1
        if count > OPEN_MAX:
            return markup[: tag.start()]
    return markup


def style_sheets(root: Element) -> str:
    """Return the text of a page's own `<style>` elements."""
    return "\n".join("".join(element.itertext()) for element in root.iter("style"))


def prune(root: Element) -> None:
    """Take out what shows nothing, what lies too deep, and what is too much; in place."""
    left, level = HTML_NODES_MAX, [root]
    for _ in range(HTML_DEPTH_MAX):
        below: list[Element] = []
        for element in level:
            kept = [child for child in element if _shows(child)]
            kept = kept[: max(0, left)]
            left -= len(kept)
            _keep(element, kept)
            below += kept
        level = below
    for element in level:
        _keep(element, [])


def _shows(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag not in HIDDEN


def _keep(element: Element, kept: list[Element]) -> None:
    """Leave only some children; the text after those that go stays."""
    wanted = {id(child) for child in kept}
    before: Element | None = None
    for child in list(element):
        if id(child) in wanted:
            before = child
            continue
        element.remove(child)
        if child.tail and before is None:
            element.text = (element.text or "") + child.tail
        elif child.tail and before is not None:
            before.tail = (before.tail or "") + child.tail
