"""HTML pages: styles, boxes and lines by numbers worked out by hand, and pixels at points."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidgenie.core.color import Color
from vidgenie.core.edit.model import Clip
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.graphics.html import HtmlContent, from_html
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.engine.paint.html.boxes import Box
from vidgenie.engine.paint.html.page import HtmlDrawing
from vidgenie.engine.paint.raster import canvas_on

ROBOTO = "* { font-family: Roboto; font-size: 20px; margin: 0 } "
LINE = 24.0  # Roboto at 20 px: 0.927734375 · 20 ≈ 19 above and 0.244140625 · 20 ≈ 5 below
BOX = Size(300, 200)


def page(html: str, css: str = "", *, size: Size = BOX, at: tuple[float, float] = (0, 0)) -> Box:
    return HtmlDrawing(HtmlContent(size, html, css, None, at), Path).root


def every(box: Box, x: float = 0.0, y: float = 0.0) -> Iterator[tuple[Box, float, float]]:
    yield box, x + box.x, y + box.y
    for child in box.blocks:
        yield from every(child, x + box.x, y + box.y)


def lines(root: Box) -> list[tuple[str, float, float]]:
    """Return every line's text, its left end and its top."""
    return [
        (
            "".join(each.piece.text for each in line.fragments),
            round(x + line.x, 2),
            round(y + line.y, 2),
        )
        for box, x, y in every(root)
        for line in box.lines
    ]


def drawn(drawing: HtmlDrawing, size: Size = BOX) -> np.ndarray:
    pixels = np.zeros((size.height, size.width, 4), np.uint8)
    canvas = canvas_on(pixels)
    drawing.draw(canvas)
    del canvas
    return pixels[..., [2, 1, 0, 3]]


def test_lines_stand_as_high_as_their_font_or_as_is_said() -> None:
    assert [top for _, _, top in lines(page("a<br>b", ROBOTO))] == [0, LINE]
    css = ROBOTO + "p { line-height: 2 } div { line-height: 50px } i { line-height: 150% }"
    tops = [top for _, _, top in lines(page("<p>a<br>b</p><div>c</div><p>d", css))]
    assert tops == [0, 40, 80, 130]


@pytest.mark.parametrize(
    ("html", "css", "tops"),
    [
        ("<p>a</p><p>b</p>", "p { margin: 10px 0 30px }", [10, 10 + LINE + 30]),
        ("<div><p>a</p></div><p>b</p>", "p { margin: 10px } div { margin-bottom: 40px }", [10, 74]),
        ("<p>a</p><p></p><p>b</p>", "p { margin: 10px }", [10, 44]),
        ("<div><p>a</p></div>", "p { margin: 10px } div { padding: 5px }", [15]),
        ("<p>a</p><p>b</p>", "p { margin: 20px 0 -8px } p + p { margin-top: 20px }", [20, 56]),
    ],
)
def test_margins_meet_and_collapse(html: str, css: str, tops: list[float]) -> None:
    assert [top for _, _, top in lines(page(html, ROBOTO + css))] == tops


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("  a \n  b  ", ["a b"]),
        ("<b>a </b> <i> b</i>", ["a b"]),
        ("a<br> b", ["a", "b"]),
        ("a<br>", ["a"]),
        ("&amp;&nbsp;&eacute;&#8212;", ["&\xa0é—"]),
        ("<p style='white-space: pre'>a  b\n c</p>", ["a  b", " c"]),
        ("<p style='text-transform: capitalize'>one two's</p>", ["One Two's"]),
        ("<script>no</script><img src=x>a<style>p{}</style>", ["a"]),
        ("<p>one<p>two", ["one", "two"]),
    ],
)
def test_blanks_collapse_and_markup_is_read_as_browsers_do(html: str, text: list[str]) -> None:
    assert [line[0] for line in lines(page(html, ROBOTO))] == text


def test_the_strongest_declaration_wins() -> None:
    css = """
      p { color: #010000 } .a { color: #020000 } #i { color: #030000 } p.a { color: #040000 }
      div p { color: #050000 } i { color: #060000 !important } u { text-decoration: none }
    """
    html = (
        "<p>0<p class=a>1<p id=i class=a>2<p id=i style='color: rgb(7, 0, 0)'>3<div><p>4</div>"
        "<p><i style='color: #080000'>5</i> <font color='#090000'>6</font> <u>7</u>"
    )
    found = {
        fragment.piece.text: fragment.piece.style
        for box, _, _ in every(page(html, css))
        for line in box.lines
        for fragment in line.fragments
    }
    reds = [found[name].color.r for name in "0123456"]
    assert reds == [1, 4, 3, 7, 5, 6, 9]
    assert found["7"].text_decoration == ()


def test_text_goes_where_position_says_unless_it_has_an_alignment_of_its_own() -> None:
    tops = {}
    for at in ((0.0, 0.0), (0.5, 0.5), (1.0, 1.0)):
        ((_, left, top),) = lines(page("<p>ab</p>", ROBOTO, at=at))
        tops[at] = (left, top)
        ((_, left, _),) = lines(page("<p>ab</p>", ROBOTO + "p { text-align: left }", at=at))
        assert left == 0
    assert tops[0, 0] == (0, 0)
    assert tops[0.5, 0.5][1] == (200 - LINE) / 2
    assert tops[1, 1][1] == 200 - LINE
    assert tops[0.5, 0.5][0] == pytest.approx(tops[1, 1][0] / 2, abs=0.02)
    # A margin at the very edge gives way where there is no room for it.
    low = Size(300, 30)
    ((_, _, top),) = lines(page("<p>a", ROBOTO + "p { margin: 20px }", size=low, at=(0.5, 1.0)))
    assert top == 3.0


def test_widths_paddings_and_borders_add_up() -> None:
    css = ROBOTO + "div { width: 50%; padding: 10px; border: 5px solid red; margin: 0 auto }"
    root = page("<div><p style='width: 40%; box-sizing: border-box; padding: 3px'>a</p></div>", css)
    boxes = [(box, x) for box, x, _ in every(root)]
    div, left = boxes[-2]
    assert (div.width, div.height, left) == (180, LINE + 6 + 30, 60)
    assert boxes[-1][0].width == 60
    root = page("<p style='max-width: 100px; min-height: 90px'>a", ROBOTO)
    assert [(box.width, box.height) for box, _, _ in every(root)][-1] == (100, 90)


def test_columns_share_a_tables_width() -> None:
    html = """<table width=200 cellspacing=4 cellpadding=0><tr><td width=50>a<td>b
      <tr><td colspan=2 height=40 valign=bottom>c</table>"""
    root = page(html, ROBOTO)
    cells = [(box, x, y) for box, x, y in every(root) if box.kind == "cell"]
    assert [(x, y, box.width, box.height) for box, x, y in cells] == [
        (4, 4, 50, LINE),
        (58, 4, 138, LINE),
        (4, 32, 192, 40),
    ]
    assert lines(root)[-1][2] == 32 + 40 - LINE


def test_a_row_of_boxes_shares_its_room() -> None:
    css = "div { display: flex; justify-content: space-between; align-items: center; height: 60px }"
    css += "p { width: 40px; height: 20px } p + p { height: 30px }"
    found = [(x, y) for box, x, y in every(page("<div><p></p><p></p></div>", ROBOTO + css))]
    assert found[-2:] == [(0, 20), (260, 15)]


def test_boxes_are_drawn_where_they_lie() -> None:
    html = (
        "<div style='margin: 10px; height: 50px; background: #f00; border: 5px solid #00f'></div>"
    )
    content = HtmlContent(BOX, html, "", Color(0, 128, 0, 128), (0, 0))
    pixels = drawn(HtmlDrawing(content, Path))
    assert tuple(pixels[5, 5]) == (0, 64, 0, 128)
    assert tuple(pixels[12, 12]) == tuple(pixels[67, 150]) == (0, 0, 255, 255)
    assert tuple(pixels[20, 20]) == tuple(pixels[64, 284]) == (255, 0, 0, 255)
    assert tuple(pixels[75, 150]) == (0, 64, 0, 128)


def test_ink_holds_all_that_is_drawn() -> None:
    html = "<p><u>Ag<i>fj</i></u> <span>x</span></p>"
    css = "p { font: 40px Montserrat; text-shadow: 4px 6px 8px #000 } span { background: #f00 }"
    drawing = HtmlDrawing(HtmlContent(BOX, html, css, None, (0.5, 0.5)), Path)
    ys, xs = np.nonzero(drawn(drawing)[..., 3])
    ink = drawing.ink
    assert (ink.left, ink.top) <= (xs.min(), ys.min())
    assert ink.top <= ys.min()
    assert xs.max() < ink.right < BOX.width
    assert ys.max() < ink.bottom < BOX.height


def test_a_page_takes_its_box_from_asset_clip_and_frame() -> None:
    asset = {"type": "html", "html": "<p>a", "width": 100, "background": "#80ff0000"}
    clip = Clip.model_validate({"asset": asset, "start": 0, "length": 1, "height": 50})
    made = from_html(clip, Scene(Size(640, 360), {}))
    assert (made.box, made.background) == (Size(100, 50), Color(255, 0, 0, 128))


TAGS = (
    "p",
    "div",
    "span",
    "b",
    "u",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "ul",
    "ol",
    "li",
    "br",
    "h1",
    "center",
    "font",
    "pre",
    "a",
    "sub",
    "hr",
    "caption",
)
PROPERTIES = (
    "display: block",
    "display: flex",
    "display: inline-block",
    "display: table-cell",
    "width: 50%",
    "width: 9e9px",
    "font: italic 9px/0 x",
    "font-size: -3em",
    "font-size: 900%",
    "line-height: 0",
    "margin: -9em",
    "margin: auto",
    "padding: 9%",
    "float: left",
    "text-align: justify",
    "white-space: pre",
    "letter-spacing: -9px",
    "border: 9px dotted red",
    "border-radius: 50%",
    "vertical-align: top",
    "vertical-align: -50%",
    "text-indent: -9em",
    "overflow: hidden",
    "opacity: .5",
    "text-shadow: 1px 1px",
    "background: linear-gradient(to left, red, blue 9px)",
    "overflow-wrap: anywhere",
    "font-variant: small-caps",
    "color: x(",
)
WORDS = ("a", " ", "word ", "\n", "ﷺ مرحبا", "漢字", "👩‍👧", "\u202e", "<", "&#0;", "x" * 40)


@st.composite
def markup(draw: st.DrawFn, depth: int = 4) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        if depth and draw(st.booleans()):
            tag, looks = (
                draw(st.sampled_from(TAGS)),
                draw(st.lists(st.sampled_from(PROPERTIES), max_size=4)),
            )
            parts.append(f'<{tag} colspan=3 style="{";".join(looks)}">{draw(markup(depth - 1))}')
            parts.append(draw(st.sampled_from((f"</{tag}>", ""))))
        else:
            parts.append(draw(st.sampled_from(WORDS)))
    return "".join(parts)


@settings(max_examples=60, deadline=None)
@given(html=markup(), css=st.text("pdiv{}:;@.#*!,()\"'/\\ 9%<-", max_size=40))
def test_nothing_crashes_a_page(html: str, css: str) -> None:
    drawn(HtmlDrawing(HtmlContent(BOX, html, css, None, (0.5, 0.5)), Path))


def test_deep_and_long_pages_end() -> None:
    page("<div>" * 1_000_000 + "x", ROBOTO)
    root = page("word " * 1_000, ROBOTO)
    tops = [top for _, _, top in lines(root)]
    assert all(after - before == LINE for before, after in pairwise(tops))
    assert sum(len(text.split()) for text, _, _ in lines(root)) == 1_000
