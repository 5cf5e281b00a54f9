"""A clip's caption: its text in pages, each in its time, above its clip."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uniseg.linebreak import line_break_units

from vidgenie.core.edit.parse import parse
from vidgenie.core.timeline.graphics.captions import Captions
from vidgenie.core.timeline.graphics.pager import pages_of_text, timed
from vidgenie.core.timeline.picture import picture_at
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.warnings import warnings
from vidgenie.errors import EditInvalid

TEXT = "The quick brown fox jumps over the lazy dog and runs far away from here today"


def document(caption: dict[str, Any], length: float = 6.0, **more: Any) -> dict[str, Any]:
    shape = {"type": "shape", "shape": "circle", "circle": {"radius": 9}}
    clip = {"asset": shape, "start": 1, "length": length, "caption": caption, **more}
    return {
        "timeline": {"tracks": [{"clips": [clip]}]},
        "output": {"format": "mp4", "size": {"width": 640, "height": 360}, "fps": 25},
    }


def captions(caption: dict[str, Any], length: float = 6.0) -> Captions:
    shown = resolve(parse(document(caption, length)), {}).clips[-1].content
    assert isinstance(shown, Captions)
    return shown


@given(
    text=st.text("ab c.\n日本語-é", max_size=80),
    room=st.integers(1, 30),
    lines=st.integers(1, 4),
    in_letters=st.booleans(),
)
def test_pages_are_the_text_and_hold_their_lines(
    text: str, room: int, lines: int, *, in_letters: bool
) -> None:
    pages = pages_of_text(text, room, lines, in_letters=in_letters)
    assert "".join("".join(pages).split()) == "".join(text.split())
    for page in pages if in_letters else ():
        assert page.count("\n") < lines
        # A line is longer only where Unicode lets it end nowhere.
        for line in page.split("\n"):
            assert len(line) <= room or len(tuple(line_break_units(line))) == 1


def test_lines_break_where_unicode_lets_them_and_pages_are_about_equally_full() -> None:
    assert pages_of_text(TEXT, 20, 2, in_letters=True) == (
        "The quick brown fox\njumps over the lazy",
        "dog and runs far\naway from here today",
    )
    # Filled greedily, the second page would be one word.
    assert [len(page) for page in pages_of_text("word " * 21, 50, 2, in_letters=True)] == [59, 44]
    assert pages_of_text("日本語、日本語", 4, 1, in_letters=True) == ("日本語、", "日本語")
    assert pages_of_text("one\n\ntwo", 40, 4, in_letters=True) == ("one", "two")


def test_pages_share_the_clip_or_take_their_reading_time() -> None:
    texts = ("one", "one two three four", "one two")
    even = timed(texts, 6.0, wpm=None, shortest_s=0.0)
    assert [(page.start_s, page.end_s) for page in even] == [(0, 2), (2, 4), (4, 6)]
    read = timed(texts, 9.0, wpm=60, shortest_s=1.5)
    assert [(page.start_s, page.end_s) for page in read] == [(0, 1.5), (1.5, 5.5), (5.5, 9)]
    assert len(timed(texts, 3.0, wpm=60, shortest_s=1.5)) == 2


def test_a_caption_stands_above_its_clip_for_as_long_and_where_it_is_placed() -> None:
    timeline = resolve(parse(document({"text": TEXT}, position="top")), {})
    below, above = timeline.clips
    assert (below.name, above.name) == ("0.0", "0.0c")
    assert above.frames == below.frames
    assert [layer.clip for layer in picture_at(timeline, 30).layers] == ["0.0", "0.0c"]
    shown = captions(
        {
            "text": TEXT,
            "placement": {"anchor": "topRight", "margin_px": 20},
            "layout": {"max_width": {"px": 200}, "line_height_mult": 1.5},
            "style": {"bg_color": "#80102030", "padding_px": 6},
            "font": {"size": 20, "weight": 700},
        }
    )
    look = shown.look
    assert (look.padding.top, look.padding.right, look.padding.left) == (26, 26, 640 - 226)
    assert (look.horizontal, look.vertical) == ("right", "top")
    assert (look.letters.size_px, look.letters.weight, look.letters.line_height) == (20, 700, 1.5)
    assert look.plate.padding_px == 6
    assert look.plate.wraps


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"layout": {"max_width": {"px": 10, "chars": 3}}}, "/layout/max_width"),
        ({"timing": {"mode": "even", "wpm": 100}}, "/timing/wpm"),
        ({"lang": "english!"}, "/lang"),
        ({"style": {"bg_color": "rot"}}, "/style/bg_color"),
    ],
)
def test_what_contradicts_itself_is_refused(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(EditInvalid) as caught:
        parse(document({"text": "x", **wrong}))
    assert [p.path for p in caught.value.problems] == [f"/timeline/tracks/0/clips/0/caption{place}"]


def test_pages_without_time_are_told_also_inside_compositions() -> None:
    caption = {"text": TEXT, "timing": {"wpm": 30}, "font": {"size": 30, "family": "Nope"}}
    inner = document(caption, 2.0)
    asset = {"type": "composition", "timeline": inner["timeline"]}
    outer = document({"text": ""}, 3.0, asset=asset)
    for edit, place in ((inner, ""), (outer, "/timeline/tracks/0/clips/0/asset")):
        found = warnings(parse(edit), {}, ("Open Sans",), lambda _: "")
        at = f"{place}/timeline/tracks/0/clips/0/caption"
        assert [(one.path, one.code) for one in found] == [
            (f"{at}/font/family", "font_replaced"),
            (at, "caption_too_long"),
        ]


def test_only_the_whole_is_brought_to_a_loudness() -> None:
    edit = document({"text": "x"})
    edit["timeline"]["audio"] = {"normalize": {"target_lufs": -20}}
    parse(edit)
    nested = document({"text": ""}, asset={"type": "composition", "timeline": edit["timeline"]})
    with pytest.raises(EditInvalid) as caught:
        parse(nested)
    place = "/timeline/tracks/0/clips/0/asset/timeline/audio/normalize"
    assert [p.path for p in caught.value.problems] == [place]
