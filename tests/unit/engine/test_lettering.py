"""Lettering: lines, directions, fallback, and pixels where they belong."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidgenie.core.color import Color
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.graphics.appearing import Appearing
from vidgenie.core.timeline.graphics.lettering import (
    Gradient,
    Lettering,
    Letters,
    Outline,
    Plate,
    Shadow,
)
from vidgenie.engine.lettering.bidi import base_level, levels, visual_order
from vidgenie.engine.lettering.block import lay_out
from vidgenie.engine.lettering.shape import Setting
from vidgenie.engine.lettering.shelf import FontChoice, face_for, missing
from vidgenie.engine.paint.lettering import LetteringDrawing
from vidgenie.engine.paint.raster import canvas_on
from vidgenie.engine.pool import Plane

RED, BLACK = Color(255, 0, 0), Color(0, 0, 0)


def drawn(graphic: Lettering, phase: tuple[float, ...] = ()) -> Plane:
    """Return a lettering on transparent ground. Shapes: (height, width, 4) BGRA."""
    pixels = np.zeros((graphic.box.height, graphic.box.width, 4), np.uint8)
    LetteringDrawing(graphic, phase, Path).draw(canvas_on(pixels))
    return pixels


def inked(pixels: Plane, over: int = 127) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of what is more opaque than `over`."""
    rows, columns = np.nonzero(pixels[..., 3] > over)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("abc", "abc"),
        ("abc אבג def", "abc גבא def"),
        ("אבג 123", "123 גבא"),
        ("a (בג) c", "a (גב) c"),
        ("\u202eabc\u202c", "\u202ecba\u202c"),
    ],
)
def test_characters_are_seen_in_their_direction(text: str, seen: str) -> None:
    found = levels(text, base_level(text))
    assert "".join(text[place] for place in visual_order(found)).strip("\u202e\u202c") == (
        seen.strip("\u202e\u202c")
    )


def test_lines_break_where_they_may_and_nothing_is_lost() -> None:
    text = "A well-known story 日本語のテキスト"
    block = lay_out([(text, Setting(size_px=40.0))], 260.0, "left")
    lines = [block.text[line.start : line.stop] for line in block.lines]
    assert "".join(lines) == text
    assert lines[0] == "A well-known "
    assert all(line.width <= 260.01 for line in block.lines)
    assert block.height == pytest.approx(len(lines) * 48.0)


def test_a_word_too_long_is_cut_between_characters() -> None:
    block = lay_out([("W" * 9, Setting(size_px=40.0))], 120.0, "left")
    assert len(block.lines) > 2
    assert all(line.width <= 120.01 for line in block.lines)


def test_the_mark_ends_what_does_not_fit() -> None:
    parts = [("one two three four five six seven eight", Setting(size_px=30.0, line_height=1.0))]
    block = lay_out(parts, 150.0, "left", room=60.0, ellipsis="…")
    assert len(block.lines) == 2
    assert block.text.endswith("…")


@pytest.mark.parametrize(
    ("family", "file", "weight"),
    [
        ("Montserrat ExtraBold", "Montserrat[", 800),
        ("OpenSans-Bold", "OpenSans[", 700),
        ("worksans", "WorkSans[", 400),
        ("Uni Neue", "Montserrat[", 700),
        ("no such family", "OpenSans[", 400),
    ],
)
def test_a_family_is_found_however_it_is_spelt(family: str, file: str, weight: int) -> None:
    key = face_for(FontChoice(family)).key
    assert key.path.name.startswith(file)
    assert key.weight == weight


def test_every_script_has_a_font_and_emoji_have_colours() -> None:
    assert missing("Ωж עברית العربية हिन्दी ไทย தமிழ் 日本語 한국어 简体 繁體 ★→€") == ""
    pixels = drawn(Lettering("👍🏽", Size(80, 80), Letters(size_px=50, color=BLACK)))
    assert pixels[..., :3].max() > 100


def test_an_outline_stands_its_width_outside_the_letters() -> None:
    plain = Lettering("I", Size(100, 100), Letters(size_px=60, weight=700, color=RED))
    lined = Lettering("I", plain.box, plain.letters, outline=Outline(6, BLACK))
    bare, round_it = inked(drawn(plain)), inked(drawn(lined))
    grown = [b - a for a, b in zip(bare, round_it, strict=True)]
    assert np.abs(np.array(grown) - (-6, -6, 6, 6)).max() <= 1
    middle = drawn(lined)[50, 50]
    assert tuple(middle) == (0, 0, 255, 255)  # the letter lies over its outline


def test_a_shadow_falls_where_it_is_sent() -> None:
    still = Lettering("I", Size(120, 120), Letters(size_px=60, color=RED))
    cast = Lettering("I", still.box, still.letters, shadow=Shadow(20, 10, 0, BLACK))
    left, top, right, bottom = inked(drawn(still))
    assert inked(drawn(cast)) == (left, top, right + 20, bottom + 10)


@pytest.mark.parametrize(("angle", "first_is_red"), [(0, True), (180, False)])
def test_a_gradient_runs_from_left_to_right_at_no_angle(angle: float, first_is_red: bool) -> None:
    stops = ((0.0, RED), (1.0, Color(0, 0, 255)))
    pixels = drawn(
        Lettering(
            "IIIIII", Size(200, 80), Letters(size_px=60), gradient=Gradient("linear", angle, stops)
        )
    )
    left, _, right, _ = inked(pixels)
    blue_first, red_first = pixels[40, left + 2, 0], pixels[40, left + 2, 2]
    assert (red_first > blue_first) == first_is_red
    assert (pixels[40, right - 3, 0] > pixels[40, right - 3, 2]) == first_is_red


def test_a_wrapping_plate_fits_the_lines() -> None:
    plate = Plate(RED, 0.0, wraps=True, padding_px=10)
    graphic = Lettering("wide", Size(300, 200), Letters(size_px=40, line_height=1.2), plate=plate)
    left, top, right, bottom = inked(drawn(graphic))
    width = lay_out([("wide", Setting(size_px=40.0))], 300).lines[0].width
    assert (right - left, bottom - top) == (pytest.approx(width + 20, abs=1), 48 + 20)


def test_a_typewriter_types_and_then_stands_still() -> None:
    typing = Appearing("typewriter", 2.0)
    graphic = Lettering("abcd", Size(200, 60), appearing=typing)
    assert graphic.boundaries == (2.0,)
    assert [graphic.phase_at(time) for time in (0.0, 0.4, 0.5, 1.0, 1.99, 2.0)] == [
        (0.0,),
        (0.0,),
        (0.25,),
        (0.5,),
        (0.75,),
        (),
    ]
    assert drawn(graphic, (0.0,)).max() == 0
    whole, half = inked(drawn(graphic)), inked(drawn(graphic, (0.5,)))
    assert half[0] == whole[0]
    assert half[2] < whole[2] - 20


def test_words_come_one_after_the_other() -> None:
    shifting = Appearing("shift", 1.0, "word", "up")
    poses = [shifting.pose((0.5,), unit, 3) for unit in range(3)]
    # Each takes 0.4 of the time; they begin at 0, 0.3 and 0.6. 1 - (1 - 0.5) ** 3 is 0.875.
    assert [round(pose.opacity, 6) for pose in poses] == [1.0, 0.875, 0.0]
    assert [round(pose.y, 6) for pose in poses] == [0.0, 0.0625, 0.5]


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=60),
    letters=st.builds(
        Letters,
        family=st.sampled_from(["Open Sans", "Anton", "Noto Emoji", "Oswald"]),
        size_px=st.floats(1, 200),
        weight=st.integers(1, 1000),
        is_italic=st.booleans(),
        line_height=st.floats(0, 10),
        letter_spacing_px=st.floats(-20, 50),
        decoration=st.sampled_from(["none", "underline", "line-through"]),
    ),
    outline=st.none() | st.builds(Outline, st.floats(0.1, 10), st.just(BLACK)),
    width=st.integers(1, 300),
    phase=st.floats(0, 1),
    appearing=st.builds(
        Appearing,
        st.sampled_from(["fadeIn", "slideIn", "typewriter", "ascend", "shift", "movingLetters"]),
        st.just(1.0),
        st.sampled_from(["character", "word", "line"]),
    ),
)
def test_any_text_in_any_style_is_drawn_within_its_ink(
    text: str, letters: Letters, outline: Outline | None, **rest: Any
) -> None:
    phase = rest["phase"]
    graphic = Lettering(
        text, Size(rest["width"], 80), letters, outline, appearing=rest["appearing"]
    )
    ink = LetteringDrawing(graphic, (phase,), Path).ink
    pixels = drawn(graphic, (phase,))
    if pixels[..., 3].any():
        left, top, right, bottom = inked(pixels, 0)
        assert ink.left <= left + 1
        assert ink.top <= top + 1
        assert ink.right >= right - 1
        assert ink.bottom >= bottom - 1


def test_a_weight_looks_the_same_whatever_was_drawn_before() -> None:
    # Skia's FreeType mixed up weights of one file: "a" of 700 came out bolder than that of 900
    ink = {}
    for weight in (900, 800, 700, 600, 500, 400):
        letters = Letters("Work Sans", 90.0, weight, color=RED)
        drawn(Lettering("Workseno", Size(900, 100), letters))
        ink[weight] = int(drawn(Lettering("a", Size(100, 100), letters))[..., 3].sum()) / 255 / 8100
    # areas of the glyph at each weight, in square ems, after fontTools
    wanted = {400: 0.116, 500: 0.140, 600: 0.164, 700: 0.189, 800: 0.208, 900: 0.224}
    assert ink == pytest.approx(wanted, rel=0.04)


def test_letters_are_made_smaller_before_a_word_is_torn() -> None:
    letters, box = Letters("Anton", 60.0, color=RED), Size(200, 300)
    whole = Lettering("Congratulations to you", box, letters, keeps_words=True)
    left, top, right, bottom = inked(drawn(whole))
    torn = inked(drawn(replace(whole, keeps_words=False)))
    assert 190 <= right - left <= 200, "its longest word from edge to edge"
    assert bottom - top < 2 * 60 < torn[3] - torn[1], "two lines in place of three"
    short = Lettering("to you", box, letters, keeps_words=True)
    assert (drawn(short) == drawn(replace(short, keeps_words=False))).all()


def test_a_title_moves_by_its_own_size() -> None:
    letters = Letters("Anton", 40.0, color=RED, line_height=1.0)
    still = Lettering("HHH", Size(400, 400), letters)
    left, top, right, _ = inked(drawn(still))
    moved = inked(drawn(replace(still, shift_blocks=(1.0, -2.0))))
    # its line is 40 px high, and as wide as its letters with what lies beside them
    assert moved[1] == top - 80
    assert moved[0] - left == pytest.approx(right - left, abs=5)
    plated = replace(still, plate=Plate(BLACK, wraps=True, padding_px=10.0))
    found, before = inked(drawn(replace(plated, shift_blocks=(0.0, 1.0)))), inked(drawn(plated))
    assert found[1] - before[1] == 40 + 2 * 10
