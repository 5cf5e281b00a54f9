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
    ],
)
def test_anything_else_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(ValueError, match=r"write #RRGGBB, #AARRGGBB \(alpha first\) or a name"):
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
