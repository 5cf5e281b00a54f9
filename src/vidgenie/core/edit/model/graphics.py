"""Assets that are drawn: shapes, SVG, HTML and Lottie."""

from typing import Annotated, Literal

from pydantic import Field

from vidgenie.core.edit import limits
from vidgenie.core.edit.model.values import (
    BoxSide,
    ColorText,
    Flag,
    FreeForm,
    Node,
    Opacity,
    Pixels,
    Position,
    Seconds,
    Speed,
    Src,
    not_given,
)


class ShapeFill(Node):
    """What a shape is filled with."""

    color: ColorText | None = None
    opacity: Opacity | None = None


class ShapeStroke(Node):
    """The outline of a shape."""

    color: ColorText | None = None
    width: Pixels | None = None


class ShapeRectangle(Node):
    """A rectangle in the middle of the shape's box."""

    width: Pixels
    height: Pixels
    corner_radius: Pixels | None = None


class ShapeCircle(Node):
    """A circle in the middle of the shape's box."""

    radius: Pixels


class ShapeLine(Node):
    """A line in the middle of the shape's box, from left to right."""

    length: Pixels
    thickness: Pixels


class ShapeAsset(Node):
    """A rectangle, a circle or a line; which one it is must be given, too."""

    type: Literal["shape"]
    shape: Literal["rectangle", "circle", "line"]
    width: BoxSide | None = None
    height: BoxSide | None = None
    fill: ShapeFill | None = None
    stroke: ShapeStroke | None = None
    rectangle: ShapeRectangle | None = None
    circle: ShapeCircle | None = None
    line: ShapeLine | None = None


class SvgAsset(Node):
    """A drawing; `src` is the markup itself."""

    type: Literal["svg"]
    src: Annotated[str, Field(min_length=1, max_length=limits.MARKUP_MAX)]


class HtmlAsset(Node):
    """A page in a box: text, lists and tables, with a part of CSS."""

    type: Literal["html"]
    html: Annotated[str, Field(max_length=limits.MARKUP_MAX)]
    css: Annotated[str, Field(max_length=limits.MARKUP_MAX)] | None = None
    width: BoxSide | None = None
    height: BoxSide | None = None
    background: ColorText | None = None
    position: Position | None = None


class Html5Asset(Node):
    """A page with a script, as a browser shows it."""

    type: Literal["html5"]
    html: Annotated[str, Field(max_length=limits.HTML5_MAX)]
    css: Annotated[str, Field(max_length=limits.MARKUP_MAX)] | None = None
    js: Annotated[str, Field(max_length=limits.MARKUP_MAX)] | None = None


class LottieAsset(Node):
    """A Lottie animation: the address of its document, or the document itself."""

    type: Literal["lottie"]
    src: Src = not_given()
    data: FreeForm | None = None
    trim: Seconds = 0.0
    speed: Speed = 1.0
    loop: Flag = False
