"""Rules of what is drawn.

A shape has its measures, SVG and Lottie can be drawn in bounds, a caption says nothing twice.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, XMLParser

from vidgenie.core.edit import limits
from vidgenie.core.edit.wording import quoted
from vidgenie.core.lottie.document import read_lottie
from vidgenie.errors import Problem

if TYPE_CHECKING:
    from vidgenie.core.edit.model import ClipCaption, Node

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
"""A language tag as far as anybody writes one (BCP 47: a language, then script, region, …)."""


def check_drawn(node: "Node", path: str) -> Iterator[Problem]:
    """Yield what is wrong with a shape, a drawing or a clip's caption."""
    # Here: who draws an SVG asks `check_svg`, in a child that reads no document.
    from vidgenie.core.edit.model import ClipCaption, LottieAsset, ShapeAsset, SvgAsset

    match node:
        case ShapeAsset() if getattr(node, node.shape) is None:
            message = f"`{node.shape}` is missing; a {node.shape} has its measures there"
            yield Problem(f"{path}/{node.shape}", "missing", message)
        case SvgAsset():
            try:
                check_svg(svg_root(node.src))
            except ValueError as error:
                yield Problem(f"{path}/src", "wrong_value", str(error))
        case LottieAsset(data=data) if data is not None:
            try:
                read_lottie(data)
            except ValueError as error:
                yield Problem(f"{path}/data", "wrong_value", str(error))
        case ClipCaption():
            yield from _caption(node, path)


def _caption(caption: "ClipCaption", path: str) -> Iterator[Problem]:
    """Yield what contradicts itself in a caption."""
    width = caption.layout.max_width if caption.layout is not None else None
    if width is not None and width.px is not None and width.chars is not None:
        message = "`max_width` is in `px` or in `chars`: give one of them"
        yield Problem(f"{path}/layout/max_width", "wrong_value", message)
    timing = caption.timing
    if timing is not None and timing.mode == "even" and timing.wpm is not None:
        message = '`wpm` does nothing where `mode` is "even": leave it out, or write "wpm"'
        yield Problem(f"{path}/timing/wpm", "wrong_value", message)
    if caption.lang is not None and not _TAG.fullmatch(caption.lang):
        message = f'`lang` is {quoted(caption.lang)}; write a language tag such as "en" or "pt-BR"'
        yield Problem(f"{path}/lang", "wrong_value", message)


def svg_root(markup: str) -> Element:
    """Read SVG markup; raises ValueError with what is wrong with it.

    Entities of its own are refused: they are how a small document becomes an endless one.
    """
    if "<" not in markup:
        raise ValueError(
            "`src` of an svg is its markup, <svg …>…</svg>, not an address; for a picture's"
            ' address, take an asset of type "image"'
        )
    if "<!ENTITY" in markup:
        raise ValueError("the SVG declares entities; write out what they stand for")
    try:
        parser = XMLParser()  # noqa: S314 - expat resolves nothing external, entities are refused
        parser.feed(markup.lstrip("\ufeff \t\r\n"))
        root = parser.close()
    except (ParseError, ValueError) as error:
        raise ValueError(f"the SVG is not well-formed XML ({error})") from None
    assert isinstance(root, Element), root
    if local_name(root) != "svg":
        raise ValueError(f"the markup begins with <{local_name(root)}>; SVG begins with <svg>")
    return root


def local_name(element: Element) -> str:
    """Return an element's name without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def check_svg(root: Element) -> None:
    """Raise ValueError where a drawing nests too deep, or repeats too much by `use`."""
    count, depth, level = 0, 0, [root]
    while level:
        depth, count = depth + 1, count + len(level)
        level = [child for element in level for child in element]
    if depth > limits.SVG_DEPTH_MAX:
        raise ValueError(f"the SVG nests {depth} deep; {limits.SVG_DEPTH_MAX} is the most")
    named = {name: each for each in root.iter() if (name := each.get("id"))}
    drawn = _drawn(root, named, {}, ())
    if max(count, drawn) > limits.SVG_ELEMENTS_MAX:
        message = f"the SVG draws more than {limits.SVG_ELEMENTS_MAX} elements"
        raise ValueError(f"{message}, uses of others counted")


def used(element: Element) -> str:
    """Return the id an element refers to by `href`; empty for none."""
    for name, value in element.items():
        if name.rpartition("}")[2] == "href" and value.startswith("#"):
            return value[1:]
    return ""


def _drawn(
    element: Element, named: Mapping[str, Element], known: dict[int, int], above: tuple[int, ...]
) -> int:
    """Return how many elements drawing this one draws, itself included."""
    if id(element) in known:
        return known[id(element)]
    if id(element) in above or len(above) > limits.SVG_DEPTH_MAX:
        raise ValueError("the SVG uses an element within itself")
    below = (*above, id(element))
    total = 1 + sum(_drawn(child, named, known, below) for child in element)
    if local_name(element) == "use" and used(element) in named:
        total += _drawn(named[used(element)], named, known, below)
    known[id(element)] = min(total, limits.SVG_ELEMENTS_MAX + 1)
    return known[id(element)]
