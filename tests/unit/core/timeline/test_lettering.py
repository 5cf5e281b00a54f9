"""Text assets become lettering: every field of theirs is in it, every default is the format's."""

from typing import Any

import pytest

from vidgenie.core.color import Color
from vidgenie.core.edit.model import Clip
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.facts import FontFacts, MediaFacts
from vidgenie.core.timeline.fonts import FontName, find_family, name_of_address, substitute_for
from vidgenie.core.timeline.graphics.appearing import Appearing
from vidgenie.core.timeline.graphics.lettering import (
    Edges,
    Gradient,
    Lettering,
    Outline,
    Plate,
    Shadow,
)
from vidgenie.core.timeline.graphics.rich_text import cased
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.graphics.table import GRAPHICS
from vidgenie.core.timeline.graphics.title import SIZES, STYLES

FRAME = Size(1280, 720)


def made(asset: dict[str, Any], scene: Scene | None = None, **clip: Any) -> Lettering:
    document = {"asset": asset, "start": 0, "length": 4, **clip}
    graphic = GRAPHICS[asset["type"]](Clip.model_validate(document), scene or Scene(FRAME, {}))
    assert isinstance(graphic, Lettering)
    return graphic


def test_a_bare_rich_text_has_the_formats_defaults() -> None:
    graphic = made({"type": "rich-text", "text": "Hi"})
    letters = graphic.letters
    assert (letters.family, letters.size_px, letters.weight) == ("Open Sans", 24.0, 400)
    assert (letters.color, letters.line_height) == (Color(0, 0, 0), 1.2)
    assert (graphic.box, graphic.horizontal, graphic.vertical) == (FRAME, "center", "center")
    assert (graphic.outline, graphic.shadow, graphic.plate, graphic.boundaries) == (
        None,
        None,
        Plate(),
        (),
    )


def test_every_style_of_a_rich_text_is_in_its_lettering() -> None:
    graphic = made(
        {
            "type": "rich-text",
            "text": "two words",
            "font": {"size": 50, "weight": "bold", "style": "italic", "opacity": 0.5},
            "style": {
                "letterSpacing": 3,
                "wordSpacing": 7,
                "lineHeight": 2,
                "textTransform": "capitalize",
                "textDecoration": "underline",
                "gradient": {
                    "type": "linear",
                    "angle": 90,
                    "stops": [{"offset": 1, "color": "#0000ff"}, {"offset": 0, "color": "#ff0000"}],
                },
            },
            "stroke": {"width": 4, "color": "#00ff00"},
            "shadow": {"offsetX": 1, "offsetY": 2, "blur": 6},
            "background": {"color": "#ffffff", "opacity": 0.5, "borderRadius": 9, "wrap": True},
            "border": {"width": 2, "color": "#ff0000"},
            "padding": {"left": 5},
            "align": {"horizontal": "left", "vertical": "bottom"},
            "animation": {"preset": "slideIn", "duration": 2, "direction": "down"},
        },
        width=400,
        height=300,
    )
    half = 128
    assert graphic.text == "Two Words"
    assert graphic.box == Size(400, 300)
    assert graphic.letters.color == Color(0, 0, 0, half)
    assert (graphic.letters.weight, graphic.letters.is_italic) == (700, True)
    assert graphic.gradient == Gradient(
        "linear", 90, ((0.0, Color(255, 0, 0, half)), (1.0, Color(0, 0, 255, half)))
    )
    assert graphic.outline == Outline(4, Color(0, 255, 0, half))
    assert graphic.shadow == Shadow(1, 2, 6, Color(0, 0, 0, half))
    assert graphic.plate == Plate(
        Color(255, 255, 255, half), 9, True, 6.0, Outline(2, Color(255, 0, 0))
    )
    # within the box lies the plate with its 6, and the border round it with 2
    assert graphic.padding == Edges(8, 8, 8, 13)
    assert (graphic.horizontal, graphic.vertical) == ("left", "bottom")
    assert graphic.appearing == Appearing("slideIn", 2, "line", "down")


@pytest.mark.parametrize(
    ("preset", "direction", "first", "middle"),
    [
        ("fadeIn", "up", (0.0, 0.0, 0.0), (0.0, 0.0, 0.875)),
        ("slideIn", "left", (1.0, 0.0, 0.0), (0.125, 0.0, 0.875)),
        ("slideIn", "down", (0.0, -1.0, 0.0), (0.0, -0.125, 0.875)),
        ("ascend", "up", (0.0, 1.0, 0.0), (0.0, 1 / 216, 215 / 216)),
        ("ascend", "down", (0.0, -1.0, 0.0), (0.0, -1 / 216, 215 / 216)),
        ("shift", "right", (-0.5, 0.0, 0.0), (0.0, 0.0, 1.0)),
        ("movingLetters", "left", (0.75, 0.0, 0.0), (0.0, 0.0, 1.0)),
    ],
)
def test_the_first_unit_at_first_middle_and_last(
    preset: Any, direction: Any, first: tuple[float, ...], middle: tuple[float, ...]
) -> None:
    appearing = Appearing(preset, 2.0, "character", direction)
    for seconds, wanted in ((0.0, first), (1.0, middle), (2.0, (0.0, 0.0, 1.0))):
        pose = appearing.pose(appearing.phase_at(seconds, "four"), 0, 4)
        assert (pose.x, pose.y, pose.opacity) == pytest.approx(wanted), seconds


def test_units_end_together_with_the_duration() -> None:
    for preset in ("ascend", "shift", "movingLetters"):
        pose = Appearing(preset, 2.0).pose((1.0,), 9, 10)
        assert pose.opacity == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("transform", "wanted"),
    [
        ("none", "it's a well-known ǆ"),
        ("uppercase", "IT'S A WELL-KNOWN Ǆ"),
        ("capitalize", "It's A Well-Known ǅ"),
    ],
)
def test_cases(transform: str, wanted: str) -> None:
    assert cased("it's a well-known ǆ", transform) == wanted


def test_a_titles_size_is_a_share_of_the_frames_shorter_side() -> None:
    for size, share in SIZES.items():
        graphic = made({"type": "title", "text": "x", "size": size, "style": "minimal"})
        assert graphic.letters.size_px == pytest.approx(720 * share)
        upright = made({"type": "title", "text": "x", "size": size}, Scene(Size(720, 1280), {}))
        assert upright.letters.size_px == pytest.approx(720 * share)
    assert len(STYLES) == 10
    assert made({"type": "title", "text": "abc", "style": "blockbuster"}).text == "ABC"


def test_a_titles_place_and_colours() -> None:
    graphic = made(
        {
            "type": "title",
            "text": "x",
            "color": "#80ff0000",
            "background": "#40000000",
            "position": "bottomRight",
            "offset": {"x": 0.1, "y": 0.2},
        }
    )
    assert graphic.letters.color == Color(255, 0, 0, 128)
    assert graphic.plate.color == Color(0, 0, 0, 64)
    assert (graphic.horizontal, graphic.vertical) == ("right", "bottom")
    # of the text's own size, as the vendor's subtitles need it: upwards is negative
    assert graphic.shift_blocks == (0.1, -0.2)


def test_a_plain_text_types_and_ends_with_its_mark() -> None:
    graphic = made(
        {
            "type": "text",
            "text": "x",
            "stroke": {"width": 3, "color": "#102030"},
            "animation": {"preset": "typewriter", "duration": 3},
            "ellipsis": "…",
            "background": {"color": "#000000", "padding": 6},
        }
    )
    assert graphic.outline == Outline(3, Color(16, 32, 48))
    assert graphic.appearing == Appearing("typewriter", 3)
    assert (graphic.ellipsis, graphic.padding) == ("…", Edges(6, 6, 6, 6))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("montserrat extra-bold", FontName("Montserrat", 800)),
        ("OpenSans-BoldItalic", FontName("Open Sans", 700, True)),
        ("Montserrat Black", FontName("Montserrat Black")),
        ("Bold", None),
    ],
)
def test_names_tell_weight_and_slant(name: str, wanted: FontName | None) -> None:
    assert find_family(name, ("Montserrat", "Montserrat Black", "Open Sans")) == wanted


def test_stand_ins_keep_what_the_name_says() -> None:
    assert substitute_for("Clear Sans Bold") == FontName("Roboto", 700)
    assert substitute_for("UniNeue") == FontName("Montserrat", 700)
    assert name_of_address("https://x/a%20b/My%20Font.v2.ttf?x=1.2") == "My Font.v2"


def test_of_an_edits_own_fonts_the_nearest_weight_is_taken() -> None:
    facts = {
        f"https://x/{name}.ttf": MediaFacts(
            "ttf", 0.0, font=FontFacts("Brand", f"Brand {name}", weight, italic)
        )
        for name, weight, italic in (("a", 400, False), ("b", 700, False), ("c", 700, True))
    }
    scene = Scene(FRAME, facts, tuple(facts))
    assert scene.font("Brand", 800) == "https://x/b.ttf"
    assert scene.font("brand", 300) == "https://x/a.ttf"
    assert scene.font("Brand", 400, is_italic=True) == "https://x/c.ttf"
    assert scene.font("c", 400) == "https://x/c.ttf"
    assert scene.font("Open Sans", 400) is None
    asset = {"type": "rich-text", "text": "x", "font": {"family": "Brand", "weight": 700}}
    assert made(asset, scene).letters.source == "https://x/b.ttf"
