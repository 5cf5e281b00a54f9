"""Rules of drawn assets: a shape has its measures, SVG is XML that can be drawn in bounds."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError, XMLParser

from vidgenie.core.edit import limits
from vidgenie.core.edit.model import Node, ShapeAsset, SvgAsset
from vidgenie.errors import Problem


def check_drawn(node: Node, path: str) -> Iterator[Problem]:
    """Yield what is wrong with a shape or a drawing."""
    match node:
        case ShapeAsset() if getattr(node, node.shape) is None:
            message = f"`{node.shape}` is missing; a {node.shape} has its measures there"
            yield Problem(f"{path}/{node.shape}", "missing", message)
        case SvgAsset():
            try:
                check_svg(svg_root(node.src))
            except ValueError as error:
                yield Problem(f"{path}/src", "wrong_value", str(error))


def svg_root(markup: str) -> Element:
    """Read SVG markup; raises ValueError with what is wrong with it.

    Entities of its own are refused: they are how a small document becomes an endless one.
    """
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
