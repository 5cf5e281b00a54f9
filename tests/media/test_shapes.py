"""Shapes and SVG: pixels at points worked out by hand, and what is refused."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vidgenie.core.edit.drawn import check_svg, svg_root
from vidgenie.core.edit.model import Clip
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.graphic import Graphic, Posed
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.graphics.table import GRAPHICS
from vidgenie.engine.paint.drawing import drawing_of
from vidgenie.engine.paint.raster import canvas_on
from vidgenie.engine.paint.svg import SvgDrawing
from vidgenie.engine.pool import FramePool

FRAME = Size(200, 100)
RED, BLUE, NOTHING = (255, 0, 0, 255), (0, 0, 255, 255), (0, 0, 0, 0)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def graphic(**asset: object) -> Graphic:
    clip = Clip.model_validate({"asset": asset, "start": 0, "length": 1})
    return GRAPHICS[clip.asset.type](clip, Scene(FRAME, {}))


def drawn(made: Graphic, scale: int = 1) -> NDArray[np.uint8]:
    """Return premultiplied RGBA."""
    pixels = np.zeros((made.box.height * scale, made.box.width * scale, 4), np.uint8)
    canvas = canvas_on(pixels)
    canvas.scale(scale, scale)
    drawing_of(Posed(made), FramePool({})).draw(canvas)
    del canvas
    return pixels[..., [2, 1, 0, 3]]


def test_a_rectangle_lies_in_the_middle_with_its_stroke_around_it() -> None:
    made = graphic(
        type="shape",
        shape="rectangle",
        rectangle={"width": 80, "height": 40, "cornerRadius": 10},
        fill={"color": "#ff0000", "opacity": 0.5},
        stroke={"color": "#0000ff", "width": 4},
    )
    pixels = drawn(made)  # the rectangle covers x 60..140, y 30..70
    assert tuple(pixels[50, 100]) == (128, 0, 0, 128)
    assert tuple(pixels[50, 61]) == (128, 0, 0, 128)
    assert tuple(pixels[50, 58]) == tuple(pixels[27, 100]) == BLUE
    assert tuple(pixels[50, 55]) == tuple(pixels[25, 100]) == NOTHING
    assert tuple(pixels[27, 57]) == NOTHING  # outside of the round corner
    ink = drawing_of(Posed(made), FramePool({})).ink
    assert (ink.left, ink.top, ink.right, ink.bottom) == (56, 26, 144, 74)


def test_circles_and_lines_have_their_own_measures_and_are_white() -> None:
    circle = drawn(graphic(type="shape", shape="circle", circle={"radius": 20}, width=60))
    assert circle.shape == (100, 60, 4)
    assert tuple(circle[50, 30]) == tuple(circle[31, 30]) == (255,) * 4
    assert tuple(circle[32, 12]) == tuple(circle[28, 30]) == NOTHING
    line = drawn(graphic(type="shape", shape="line", line={"length": 100, "thickness": 6}))
    assert line[..., 3].sum() == 100 * 6 * 255
    assert tuple(line[47, 50]) == tuple(line[52, 149]) == (255,) * 4


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", '<rect width="5" height="5" style="fill: red"/>'),
        ("<style>.a rect { fill: #F00 }</style>", '<g class="a"><rect width="5" height="5"/></g>'),
        ('<defs><rect id="r" width="5" height="5" fill="red"/></defs>', '<use href="#r"/>'),
        ('<defs><rect id="r" width="5" height="5" fill="red"/></defs>', '<use xlink:href="#r"/>'),
        ("", '<rect width="5" height="5" fill="hsl(0, 100%, 50%)"/>'),
        (
            '<clipPath id="c"><rect width="5" height="5"/></clipPath>',
            '<rect width="10" height="5" fill="red" clip-path="url(#c)"/>',
        ),
        (
            '<linearGradient id="g"><stop style="stop-color:red"/></linearGradient>',
            '<rect width="5" height="5" fill="url(#g)"/><script>x</script><!-- no -->',
        ),
    ],
)
def test_svg_is_drawn_as_vectors_in_its_own_size(head: str, body: str) -> None:
    made = graphic(type="svg", src=f'{SVG} viewBox="0 0 10 5" width="20">{head}{body}</svg>')
    assert made.box == Size(20, 10)
    assert isinstance(drawing_of(Posed(made), FramePool({})), SvgDrawing)
    pixels = drawn(made, scale=8)  # sharp at any scale: the edge lies between two pixels
    assert tuple(pixels[40, 79]) == RED
    assert tuple(pixels[40, 80]) == NOTHING


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("<svg><rect></svg>", "well-formed"),
        ("<html/>", "begins with <html>"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "entities"),
        (f'{SVG}><g id="a"><use href="#a"/></g></svg>', "within itself"),
        (f"{SVG}>{'<g>' * 300}{'</g>' * 300}</svg>", "deep"),
        (
            SVG
            + '><g id="a0"/>'
            + "".join(f'<g id="a{n + 1}">{f"""<use href="#a{n}"/>""" * 10}</g>' for n in range(9))
            + "</svg>",
            "more than",
        ),
    ],
)
def test_svg_that_cannot_be_drawn_is_refused(markup: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check_svg(svg_root(markup))
