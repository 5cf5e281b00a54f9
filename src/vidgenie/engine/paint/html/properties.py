"""Longhand properties: how each is read, and which part of a style it sets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vidgenie.core.color import Color
from vidgenie.engine.paint.html.style import Decoration, Gradient, Shadow, Style, inherited
from vidgenie.engine.paint.html.values import (
    Length,
    Percent,
    Token,
    Units,
    Unknown,
    auto_length,
    color,
    length,
    number,
    only,
    pixels,
    word,
    words_of,
)

FONT_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
"""Pixels at a medium of 16, as browsers round them (CSS Fonts 4 §2.5)."""

FONT_SIZE_MAX = 2_000.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a value is read against: the element's own style so far, its parent's, its units."""

    style: Style
    parent: Style
    units: Units


Reader = Callable[[Sequence[Token], Reading], object]


def one_of(*names: str) -> Reader:
    """Return a reader of keywords."""

    def read(tokens: Sequence[Token], _: Reading) -> str:
        found = word(only(tokens))
        if found not in names:
            raise Unknown
        return found

    return read


def read_pixels(tokens: Sequence[Token], at: Reading) -> float:
    """Read a length; `normal` is none."""
    token = only(tokens)
    return 0.0 if word(token) == "normal" else pixels(token, at.units)


def read_length(tokens: Sequence[Token], at: Reading) -> Length:
    """Read a length, a percentage or `auto`."""
    return auto_length(only(tokens), at.units)


def read_positive(tokens: Sequence[Token], at: Reading) -> Length:
    """Read a length that is not below zero."""
    found = auto_length(only(tokens), at.units)
    if (found.share if isinstance(found, Percent) else found or 0.0) < 0:
        raise Unknown
    return found


def read_color(tokens: Sequence[Token], at: Reading) -> Color:
    """Read a colour."""
    return color(only(tokens), at.style.color)


def read_font_size(tokens: Sequence[Token], at: Reading) -> float:
    """Read a font size; relative ones count the parent's."""
    token, above = only(tokens), at.parent.font_size
    name = word(token)
    if name in FONT_SIZES:
        return FONT_SIZES[name]
    if name in ("larger", "smaller"):
        return min(FONT_SIZE_MAX, above * 1.2 if name == "larger" else above / 1.2)
    found = length(token, at.units)
    size = above * found.share if isinstance(found, Percent) else found
    if size < 0:
        raise Unknown
    return min(FONT_SIZE_MAX, size)


def read_font_weight(tokens: Sequence[Token], at: Reading) -> int:
    """Read a weight; `bolder` and `lighter` step from the parent's (CSS Fonts 4 §2.2)."""
    token, above = only(tokens), at.parent.font_weight
    match word(token):
        case "normal":
            return 400
        case "bold":
            return 700
        case "bolder":
            return 400 if above < 350 else 700 if above < 550 else max(above, 900)
        case "lighter":
            return min(above, 100) if above < 550 else 400 if above < 750 else 700
    weight = number(token)
    if not 1 <= weight <= 1000:
        raise Unknown
    return round(weight)


def read_font_style(tokens: Sequence[Token], _: Reading) -> str:
    """Read `normal`, `italic` or `oblique` with or without an angle."""
    found = word(words_of(tokens)[0]) if words_of(tokens) else ""
    if found not in ("normal", "italic", "oblique"):
        raise Unknown
    return "normal" if found == "normal" else "italic"


def read_families(tokens: Sequence[Token], _: Reading) -> tuple[str, ...]:
    """Read a list of families: strings, or words that are joined by blanks."""
    names: list[list[str]] = [[]]
    for token in words_of(tokens):
        if token.type == "literal" and token.value == ",":
            names.append([])
        elif token.type in ("ident", "string"):
            names[-1].append(str(token.value))
        else:
            raise Unknown
    found = tuple(" ".join(name) for name in names if name)
    if not found:
        raise Unknown
    return found


def read_line_height(tokens: Sequence[Token], at: Reading) -> float | None:
    """Read `normal`, a factor (kept as a negative number) or a length."""
    token = only(tokens)
    if word(token) == "normal":
        return None
    if token.type == "number":
        factor = number(token)
        if factor < 0:
            raise Unknown
        return -factor if factor else 0.0
    found = length(token, at.units)
    return at.units.em * found.share if isinstance(found, Percent) else max(0.0, found)


def read_vertical_align(tokens: Sequence[Token], at: Reading) -> str | Length:
    """Read a keyword, or how far the baseline is raised (shares of the line's height)."""
    token = only(tokens)
    if word(token):
        return one_of(
            "baseline", "sub", "super", "top", "text-top", "middle", "bottom", "text-bottom"
        )(tokens, at)  # type: ignore[return-value]
    return length(token, at.units)


def read_decoration(tokens: Sequence[Token], at: Reading) -> tuple[Decoration, ...]:
    """Read lines, with their colour and style, beside those that come from above."""
    lines, shade, style = [], at.style.color, "solid"
    for token in words_of(tokens):
        name = word(token)
        if name in ("underline", "overline", "line-through"):
            lines.append(name)
        elif name in ("solid", "double", "dotted", "dashed", "wavy"):
            style = name
        elif name not in ("none", "auto", "from-font", "blink") and token.type != "dimension":
            shade = color(token, at.style.color)
    own = tuple(Decoration(line, shade, style) for line in lines)
    return at.parent.text_decoration + own


def read_shadows(tokens: Sequence[Token], at: Reading) -> tuple[Shadow, ...]:
    """Read shadows, the topmost first: two to four lengths and a colour each."""
    if [word(token) for token in words_of(tokens)] == ["none"]:
        return ()
    made, lengths, shade = [], list[float](), at.style.color
    for token in [*words_of(tokens), None]:
        if token is None or (token.type == "literal" and token.value == ","):
            if len(lengths) < 2:
                raise Unknown
            made.append(Shadow(lengths[0], lengths[1], max(0.0, [*lengths, 0.0][2]), shade))
            lengths, shade = [], at.style.color
        elif token.type in ("dimension", "number"):
            lengths.append(pixels(token, at.units))
        elif word(token) != "inset":
            shade = color(token, at.style.color)
    return tuple(made)


ANGLES = {"deg": 1.0, "grad": 0.9, "rad": 57.29577951308232, "turn": 360.0}
CORNERS = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}


def read_image(tokens: Sequence[Token], at: Reading) -> Gradient | None:
    """Read a linear gradient; `none` and pictures are none."""
    token = only(tokens)
    if token.type != "function" or token.lower_name != "linear-gradient":
        return None
    groups: list[list[Token]] = [[]]
    for part in words_of(token.arguments):
        if part.type == "literal" and part.value == ",":
            groups.append([])
        else:
            groups[-1].append(part)
    angle, corner = 180.0, None
    head = groups[0]
    if head and word(head[0]) == "to":
        across, down = 0, 0
        for name in head[1:]:
            x, y = CORNERS.get(word(name), (0, 0))
            across, down = across + x, down + y
        corner, groups = (across, down), groups[1:]
    elif head and head[0].type == "dimension" and head[0].lower_unit in ANGLES:
        angle, groups = head[0].value * ANGLES[head[0].lower_unit], groups[1:]
    stops = []
    for group in groups:
        if not group:
            raise Unknown
        places: list[Length] = [length(part, at.units) for part in group[1:]]
        stops += [(color(group[0], at.style.color), place) for place in places or [None]]
    if len(stops) < 2:
        raise Unknown
    return Gradient(angle, corner, tuple(stops))


def read_border_width(tokens: Sequence[Token], at: Reading) -> float:
    """Read a border's width."""
    token = only(tokens)
    named = {"thin": 1.0, "medium": 3.0, "thick": 5.0}
    return named[word(token)] if word(token) in named else max(0.0, pixels(token, at.units))


def read_radius(tokens: Sequence[Token], at: Reading) -> tuple[Length, ...]:
    """Read one to four radii, from the top left clockwise; elliptic ones are made round."""
    parts = []
    for token in words_of(tokens):
        if token.type == "literal":
            break
        parts.append(auto_length(token, at.units))
    if not 1 <= len(parts) <= 4:
        raise Unknown
    first = parts[0]
    second = parts[1] if len(parts) > 1 else first
    third = parts[2] if len(parts) > 2 else first
    return first, second, third, parts[3] if len(parts) > 3 else second


def read_share(tokens: Sequence[Token], _: Reading) -> float:
    """Read an opacity."""
    token = only(tokens)
    share = token.value / 100 if token.type == "percentage" else number(token)
    return float(min(1.0, max(0.0, share)))


READERS: Mapping[str, tuple[str, Reader]] = {
    "display": ("display", lambda tokens, _: word(only(tokens)).removesuffix("-flow")),
    "color": ("color", read_color),
    "font-family": ("font_family", read_families),
    "font-size": ("font_size", read_font_size),
    "font-weight": ("font_weight", read_font_weight),
    "font-style": ("font_style", read_font_style),
    "font-variant": ("font_variant", one_of("normal", "small-caps")),
    "text-align": (
        "text_align",
        one_of(
            *("start", "end", "left", "right", "center", "justify"),
            *("-webkit-left", "-webkit-center", "-webkit-right"),
        ),
    ),
    "text-transform": (
        "text_transform",
        one_of("none", "uppercase", "lowercase", "capitalize"),
    ),
    "text-indent": ("text_indent", read_length),
    "text-shadow": ("text_shadow", read_shadows),
    "text-decoration": ("text_decoration", read_decoration),
    "letter-spacing": ("letter_spacing", read_pixels),
    "word-spacing": ("word_spacing", read_pixels),
    "line-height": ("line_height", read_line_height),
    "white-space": (
        "white_space",
        one_of("normal", "nowrap", "pre", "pre-wrap", "pre-line", "break-spaces"),
    ),
    "overflow-wrap": (
        "overflow_wrap",
        one_of("normal", "break-word", "anywhere", "break-all", "keep-all"),
    ),
    "visibility": ("visibility", one_of("visible", "hidden", "collapse")),
    "list-style-type": (
        "list_style_type",
        one_of(
            *("none", "disc", "circle", "square", "decimal", "lower-alpha", "upper-alpha"),
            *("lower-latin", "upper-latin", "lower-roman", "upper-roman"),
        ),
    ),
    "border-spacing": (
        "border_spacing",
        lambda tokens, at: pixels(words_of(tokens)[0], at.units),
    ),
    "border-collapse": ("border_collapse", one_of("separate", "collapse")),
    "vertical-align": ("vertical_align", read_vertical_align),
    "background-color": ("background_color", read_color),
    "background-image": ("background_image", read_image),
    "border-radius": ("border_radius", read_radius),
    "box-shadow": ("box_shadow", read_shadows),
    "width": ("width", read_positive),
    "height": ("height", read_positive),
    "min-width": ("min_width", read_positive),
    "min-height": ("min_height", read_positive),
    "max-width": ("max_width", read_positive),
    "max-height": ("max_height", read_positive),
    "box-sizing": ("box_sizing", one_of("content-box", "border-box")),
    "opacity": ("opacity", read_share),
    "float": ("floats", one_of("none", "left", "right")),
    "overflow": ("overflow", one_of("visible", "hidden", "clip", "auto", "scroll")),
    "flex-direction": ("flex_direction", one_of("row", "column")),
    "justify-content": (
        "justify_content",
        lambda tokens, _: word(only(tokens)).removeprefix("flex-"),
    ),
    "align-items": ("align_items", lambda tokens, _: word(only(tokens)).removeprefix("flex-")),
    "gap": ("gap", read_pixels),
    "flex-grow": ("flex_grow", lambda tokens, _: max(0.0, number(only(tokens)))),
}

SIDED: Mapping[str, tuple[str, int, Reader]] = {
    f"{base}-{side}{rest}": (name, index, reader)
    for base, rest, name, reader in (
        ("margin", "", "margin", read_length),
        ("padding", "", "padding", read_positive),
        ("border", "-width", "border_width", read_border_width),
        ("border", "-style", "border_style", lambda tokens, _: word(only(tokens))),
        ("border", "-color", "border_color", read_color),
    )
    for index, side in enumerate(("top", "right", "bottom", "left"))
}

FIRST = ("font-size", "color")
"""Read before all others, which may count them."""


def computed(
    declared: Mapping[str, Sequence[Token]],
    parent: Style,
    root_size: float,
    page: tuple[float, float],
) -> Style:
    """Return an element's style from its declarations, each longhand once."""
    style, initial = inherited(parent), Style()
    for name in (*FIRST, *(name for name in declared if name not in FIRST)):
        if name not in declared:
            continue
        em = parent.font_size if name == "font-size" else style.font_size
        at = Reading(style, parent, Units(em, root_size, *page))
        try:
            _set(name, declared[name], at, initial)
        except (Unknown, IndexError):
            continue  # what is not understood is passed over, as in a browser
    return style


def _set(name: str, tokens: Sequence[Token], at: Reading, initial: Style) -> None:
    wide = word(words_of(tokens)[0]) if len(words_of(tokens)) == 1 else ""
    sided = SIDED.get(name)
    attribute = sided[0] if sided else READERS[name][0] if name in READERS else ""
    if not attribute:
        return
    source = {"inherit": at.parent, "initial": initial, "unset": initial, "revert": initial}
    if wide in source:
        value: object = getattr(source[wide], attribute)
        value = value[sided[1]] if sided else value  # type: ignore[index]
    else:
        value = (sided[2] if sided else READERS[name][1])(tokens, at)
    if sided:
        sides = list(getattr(at.style, attribute))
        sides[sided[1]] = value
        value = tuple(sides)
    setattr(at.style, attribute, value)
