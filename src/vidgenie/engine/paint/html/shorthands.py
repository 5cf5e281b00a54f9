"""Shorthands: one declaration that stands for several."""

from collections.abc import Iterator, Sequence

import tinycss2

from vidgenie.engine.paint.html.values import Token, Unknown, word, words_of

Declared = tuple[str, Sequence[Token]]

SIDES = ("top", "right", "bottom", "left")
BORDER_STYLES = frozenset(
    ["none", "hidden", "solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset"]
)
BORDER_WIDTHS = frozenset({"thin", "medium", "thick"})
FONT_WORDS = {
    "italic": "font-style",
    "oblique": "font-style",
    "small-caps": "font-variant",
    "bold": "font-weight",
    "bolder": "font-weight",
    "lighter": "font-weight",
}
MEDIUM = tinycss2.parse_component_value_list("medium")
NONE = tinycss2.parse_component_value_list("none")
CURRENT = tinycss2.parse_component_value_list("currentcolor")


def expand(name: str, tokens: Sequence[Token]) -> Iterator[Declared]:
    """Yield the longhands a declaration stands for; itself when it is none."""
    if name in ("margin", "padding", "border-width", "border-style", "border-color"):
        yield from _four(name, words_of(tokens))
    elif name in ("border", *(f"border-{side}" for side in SIDES)):
        yield from _border(name, words_of(tokens))
    elif name == "font":
        yield from _font(tokens)
    elif name == "background":
        yield from _background(words_of(tokens))
    elif name == "flex":
        parts = words_of(tokens)
        if parts and parts[0].type == "number":
            yield "flex-grow", parts[:1]
    elif name == "list-style":
        for token in words_of(tokens):
            yield "list-style-type", [token]
    elif name in ("word-wrap", "word-break"):
        yield "overflow-wrap", tokens
    elif name == "text-decoration-line":
        yield "text-decoration", tokens
    elif name == "column-gap":
        yield "gap", tokens
    else:
        yield name, tokens


def _four(name: str, parts: list[Token]) -> Iterator[Declared]:
    if not 1 <= len(parts) <= 4:
        raise Unknown
    top = parts[0]
    right = parts[1] if len(parts) > 1 else top
    bottom = parts[2] if len(parts) > 2 else top
    left = parts[3] if len(parts) > 3 else right
    base, _, rest = name.partition("-")
    for side, token in zip(SIDES, (top, right, bottom, left), strict=True):
        yield f"{base}-{side}" + (f"-{rest}" if rest else ""), [token]


def _border(name: str, parts: list[Token]) -> Iterator[Declared]:
    found: dict[str, Sequence[Token]] = {"width": MEDIUM, "style": NONE, "color": CURRENT}
    for token in parts:
        if word(token) in BORDER_STYLES:
            found["style"] = [token]
        elif word(token) in BORDER_WIDTHS or token.type in ("dimension", "number"):
            found["width"] = [token]
        else:
            found["color"] = [token]
    sides = SIDES if name == "border" else (name.removeprefix("border-"),)
    for side in sides:
        for part, tokens in found.items():
            yield f"border-{side}-{part}", tokens


def _font(tokens: Sequence[Token]) -> Iterator[Declared]:
    """`[style variant weight]? size[/line-height]? family` (CSS Fonts 4 §4.6)."""
    parts = words_of(tokens)
    reset = tinycss2.parse_component_value_list("normal")
    for name in ("font-style", "font-variant", "font-weight", "line-height"):
        yield name, reset
    while parts:
        token = parts[0]
        if word(token) in FONT_WORDS:
            yield FONT_WORDS[word(token)], [token]
        elif token.type == "number":
            yield "font-weight", [token]
        elif word(token) != "normal":
            break
        parts = parts[1:]
    if len(parts) < 2:
        raise Unknown
    yield "font-size", parts[:1]
    parts = parts[1:]
    if parts[0].type == "literal" and parts[0].value == "/" and len(parts) > 2:
        yield "line-height", parts[1:2]
        parts = parts[2:]
    yield "font-family", parts


def _background(parts: list[Token]) -> Iterator[Declared]:
    """Colour and gradient; places, sizes and pictures are passed over."""
    yield "background-color", tinycss2.parse_component_value_list("transparent")
    yield "background-image", NONE
    for token in parts:
        if token.type == "function" and token.lower_name.endswith("gradient"):
            yield "background-image", [token]
        elif word(token) != "none" and token.type in ("ident", "hash", "function"):
            yield "background-color", [token]
