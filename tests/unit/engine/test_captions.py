"""Caption files: as they are written, as they are broken, and what becomes of any bytes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidgenie.core.edit.parse import parse
from vidgenie.core.timeline.facts import Cue, SpokenWord
from vidgenie.core.timeline.graphics.captions import Captions
from vidgenie.core.timeline.graphics.speech import pages_of_words, spread
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.captions.read import caption_facts, caption_kind, decoded, read_lines
from vidgenie.engine.captions.ttml import read_ttml
from vidgenie.engine.paint.captions import CaptionsDrawing
from vidgenie.engine.paint.raster import canvas_on
from vidgenie.engine.pool import Plane
from vidgenie.engine.tasks import facts_from_json, facts_to_json
from vidgenie.errors import AssetUnsupported

SRT = """1
00:00:01,000 --> 00:00:02,500
Hello <i>there</i>,
you &amp; me

2
00:00:03.000 --> 00:00:04,000 X1:20
{\\an8}No number follows

00:01:00,5 --> 00:01:01,0
Last
"""

VTT = """WEBVTT - a title

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 align:left position:10%
<v Ann>Hi <c.loud>you</c></v>

NOTE left
out

01:00:00.000 --> 01:00:04.000
One <01:00:01.000>two <01:00:02.000>three four
"""

TTML = """<?xml version="1.0"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    ttp:frameRate="25" ttp:tickRate="10000000"><body begin="10s"><div>
  <p begin="00:00:01.5" end="00:00:02:05">One<br/>
     two</p>
  <p begin="30000000t" dur="500ms"><span begin="0s" end="0.2s">Three</span>
     <span begin="5f" end="0.5s">four</span></p>
</div></body></tt>"""


def test_subrip_as_people_write_it() -> None:
    cues, notes = read_lines(SRT)
    assert cues == [
        Cue(1.0, 2.5, "Hello there,\nyou & me"),
        Cue(3.0, 4.0, "No number follows"),
        Cue(60.5, 61.0, "Last"),
    ]
    assert notes == ["the positions of 1 cues are left out: the asset's own are used"]


def test_webvtt_with_notes_styles_names_and_times_of_words() -> None:
    cues, _ = read_lines(VTT)
    assert [cue.text for cue in cues] == ["Hi you", "One two three four"]
    assert [(w.text, w.start_s, w.end_s) for w in cues[1].words] == [
        ("One", 3600.0, 3601.0),
        ("two", 3601.0, 3602.0),
        # "three" and "four" share two seconds by their lengths, a gap being a letter: 6 and 5 of 11
        ("three", 3602.0, pytest.approx(3602 + 2 * 6 / 11)),
        ("four", pytest.approx(3602 + 2 * 6 / 11), 3604.0),
    ]


def test_ttml_counts_in_clocks_frames_and_ticks_from_what_holds_it() -> None:
    cues, _ = read_ttml(TTML)
    assert [(cue.start_s, cue.end_s, cue.text) for cue in cues] == [
        (11.5, 12.2, "One\ntwo"),
        (13.0, 13.5, "Three four"),
    ]
    assert cues[1].words == (SpokenWord("Three", 13.0, 13.2), SpokenWord("four", 13.2, 13.5))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "1\n00:00:01,000 --> soon\nHello",
            "Line 2 of the caption file is '00:00:01,000 --> soon'",
        ),
        (
            "\n1\n00:00:03,0 --> 00:00:02,0\nHello",
            "Line 3 of the caption file: the cue ends before",
        ),
        ("WEBVTT\n\n", "has no cues"),
        ("<tt><body><p begin='1s'>x</body></tt>", "line 1"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><tt>&x;</tt>", "entities"),
        ("<tt><p begin='later'>x</p></tt>", "'later'"),
    ],
)
def test_broken_files_are_refused_with_their_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "captions"
    path.write_text(text)
    kind = caption_kind(path) or ("ttml" if "<tt>" in text else "srt")
    with pytest.raises(AssetUnsupported, match=says):
        caption_facts(path, kind)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "captions.txt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nÀ bientôt".encode(encoding))
    assert caption_kind(path) == "srt"
    assert caption_facts(path, "srt").cues[0].text == "À bientôt"


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                ["00:01", ".5", " --> ", "00:02.000", "\n", "\n\n", "1", "<c>", "</v", "<00:01.5>"]
                + ["&amp;", "a b", "NOTE", "<tt>", "<p begin='1s' end='2s'>", "</p>", "</tt>"]
            ),
            max_size=30,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_any_bytes_are_cues_in_order_or_refused(data: bytes) -> None:
    text = decoded(data)
    for read in (read_lines, read_ttml):
        try:
            cues, _ = read(text)
        except AssetUnsupported:
            continue
        for cue in cues:
            assert 0 <= cue.start_s < cue.end_s
            assert cue.text.strip()
            begins = [word.start_s for word in cue.words]
            assert begins == sorted(begins) or read is read_ttml


def test_facts_of_captions_survive_the_way_from_the_child(tmp_path: Path) -> None:
    from vidgenie.engine.probe import probe

    path = tmp_path / "a.vtt"
    path.write_text(VTT)
    facts = probe(path)
    assert facts.duration_s == 3604.0
    assert facts_from_json(facts_to_json(facts)) == facts


def test_words_share_a_time_by_length() -> None:
    assert [(w.start_s, w.end_s) for w in spread(["a", "bcd"], 0.0, 3.0)] == [(0, 1), (1, 3)]


def test_pages_end_with_sentences_at_pauses_and_when_full() -> None:
    texts = [("One", 0.0), ("two.", 0.5), ("Three", 1.0), ("four", 3.0), ("overlong", 3.5)]
    words = [SpokenWord(text, start, start + 0.5) for text, start in texts]
    pages = pages_of_words(words, 5)
    assert [(page.text, page.start_s, page.end_s) for page in pages] == [
        ("One two.", 0.0, 1.0),
        ("Three", 1.0, 2.0),
        ("four", 3.0, 3.5),
        ("overlong", 3.5, 4.5),
    ]


def _captions(asset: dict[str, Any]) -> Captions:
    words = [{"text": text, "start": at, "end": at + 1} for at, text in enumerate(("HHHH", "HHHI"))]
    clip = {"asset": {"type": "rich-caption", "words": words, **asset}, "start": 0, "length": 3}
    output = {"format": "mp4", "size": {"width": 400, "height": 100}}
    timeline = resolve(parse({"timeline": {"tracks": [{"clips": [clip]}]}, "output": output}), {})
    content = timeline.clips[0].content
    assert isinstance(content, Captions)
    return content


def _painted(graphic: Captions, seconds: float) -> Plane:
    pixels = np.zeros((100, 400, 4), np.uint8)
    CaptionsDrawing(graphic, graphic.phase_at(seconds), Path).draw(canvas_on(pixels))
    return pixels


def _counts(pixels: Plane) -> tuple[int, int]:
    """Return how many pixels are white, and how many red. Shapes: (height, width, 4) BGRA."""
    full = pixels[..., 3] == 255
    blue, red = pixels[..., 0], pixels[..., 2]
    return int((full & (blue == 255)).sum()), int((full & (blue == 0) & (red == 255)).sum())


ACTIVE = {"font": {"color": "#ff0000"}}


@pytest.mark.parametrize(
    ("style", "at", "white", "red"),
    [
        ("highlight", 0.5, 1.0, 1.0),
        ("none", 1.5, 1.0, 1.0),
        ("karaoke", 0.5, 1.5, 0.5),
        ("karaoke", 1.5, 0.5, 1.5),
        ("pop", 0.5, 0.0, 1.0),
        ("fade", 1.5, 1.0, 1.0),
        ("slide", 1.5, 1.0, 1.0),
        ("bounce", 0.6, 0.0, 1.0),
        ("typewriter", 0.5, 0.0, 0.5),
    ],
)
def test_words_have_the_colour_of_their_time(
    style: str, at: float, white: float, red: float
) -> None:
    graphic = _captions({"font": {"size": 60}, "active": ACTIVE, "animation": {"style": style}})
    still = _captions({"font": {"size": 60}, "animation": {"style": "none"}})
    word = _counts(_painted(still, 0.5))[0] / 2
    found = _counts(_painted(graphic, at))
    assert found == (
        pytest.approx(white * word, abs=0.2 * word),
        pytest.approx(red * word, abs=0.2 * word),
    )
    # After the last word, all of them are as the others.
    assert style == "karaoke" or _counts(_painted(graphic, 2.2))[1] == 0


def test_a_larger_word_pushes_the_others_aside_and_stays_on_the_baseline() -> None:
    graphic = _captions(
        {"font": {"size": 40}, "active": {"font": {"size": 60, "color": "#ff0000"}}}
    )
    pixels = _painted(graphic, 0.5)
    red = pixels[..., 2] * (pixels[..., 0] == 0)
    white = pixels[..., 0]
    assert np.nonzero(red == 255)[1].max() < np.nonzero(white == 255)[1].min() - 5
    assert abs(np.nonzero(red > 200)[0].max() - np.nonzero(white > 200)[0].max()) <= 1


def test_between_two_words_nothing_changes_and_ink_covers_what_is_drawn() -> None:
    graphic = _captions({"active": ACTIVE, "shadow": {"offsetX": 3, "blur": 4}})
    assert graphic.phase_at(0.1) == graphic.phase_at(0.9) != graphic.phase_at(1.0)
    assert {1.0, 2.0} <= set(graphic.boundaries)
    for style in ("pop", "slide", "bounce"):
        moving = _captions({"font": {"size": 60}, "animation": {"style": style}})
        for at in (0.03, 0.1, 0.2):
            drawing = CaptionsDrawing(moving, moving.phase_at(at), Path)
            rows, columns = np.nonzero(_painted(moving, at)[..., 3])
            ink = drawing.ink
            assert ink.left <= columns.min()
            assert columns.max() < ink.right
            assert ink.top <= rows.min()
            assert rows.max() < ink.bottom
