"""Colours: what is read, how it is written, and which side the alpha is on."""

import pytest

from vidgenie.core.color import Color


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("#f80", Color(255, 136, 0)),
        ("#Ff8800", Color(255, 136, 0)),
        ("#80ff8801", Color(255, 136, 1, 128)),
        ("#00000000", Color(0, 0, 0, 0)),
        ("white", Color(255, 255, 255)),
        ("RebeccaPurple", Color(102, 51, 153)),
        ("transparent", Color(0, 0, 0, 0)),
        ("rgb(255, 136,0)", Color(255, 136, 0)),
        ("RGBA(255,255,255,0.50)", Color(255, 255, 255, 128)),
        ("rgb(100% 50% 0 / 25%)", Color(255, 128, 0, 64)),
        ("rgba(300, -5, 0, 2)", Color(255, 0, 0)),
        ("hsl(120, 100%, 25%)", Color(0, 128, 0)),
        ("hsla(-120deg 100% 50% / 0.2)", Color(0, 0, 255, 51)),
    ],
)
def test_hex_forms_are_read_alpha_first_and_names_as_in_css(text: str, color: Color) -> None:
    assert Color.parse(text) == color


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "ff8800",
        "#ff88",
        "#ff880",
        "#ff8800 ",
        "#gg0000",
        "#ff8800ff0",
        "rad",
        "currentcolor",
        "#ff8800\n",
        "rgb(1, 2)",
        "rgb(1, 2, 3, 4, 5)",
        "rgb(120deg, 2, 3)",
        "rgb(1, 2, 3",
        "rgb(a, b, c)",
        "hsl(120, 1, 0.5)",
        "hsl(50%, 50%, 50%)",
    ],
)
def test_anything_else_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(ValueError, match=r"write #RRGGBB, #AARRGGBB \(alpha first\), rgb"):
        Color.parse(text)


@pytest.mark.parametrize("text", ["#ff8800", "#80ff8800", "#00000000"])
def test_a_colour_is_written_as_it_is_read(text: str) -> None:
    assert str(Color.parse(text)) == text


def test_fading_multiplies_the_alpha_and_stays_in_range() -> None:
    half = Color(1, 2, 3, 200)
    assert half.faded(0.5) == Color(1, 2, 3, 100)
    assert half.faded(7) == half
    assert half.faded(-1) == Color(1, 2, 3, 0)
    assert Color(0, 0, 0).is_opaque
    assert not half.is_opaque


def test_a_see_through_colour_is_darker_on_black() -> None:
    assert Color(200, 100, 50, 51).on_black() == Color(40, 20, 10)
    assert Color(1, 2, 3, 0).on_black() == Color(0, 0, 0)
    assert Color(1, 2, 3).on_black() == Color(1, 2, 3)
