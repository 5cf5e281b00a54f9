"""Captions as text: what is read when, in the file's own time, and how files say it."""

from typing import Any

import pytest

from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.outputs import plan_output
from vidgenie.core.plan.subtitles import Subtitles, written
from vidgenie.core.timeline.facts import Cue
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.warnings import warnings
from vidgenie.errors import EditInvalid

SHAPE = {"type": "shape", "shape": "circle", "circle": {"radius": 9}}


def spoken(start: float, *words: tuple[str, float, float]) -> dict[str, Any]:
    asset = {
        "type": "caption",
        "words": [{"text": text, "start": begin, "end": end} for text, begin, end in words],
    }
    return {"asset": asset, "start": start, "length": 4}


def subtitles(clips: list[dict[str, Any]], **output: Any) -> Subtitles:
    document = {
        "timeline": {"tracks": [{"clips": [clip]} for clip in clips]},
        "output": {
            "format": "mp4",
            "resolution": "sd",
            "fps": 30,
            "subtitles": {"embed": True},
            **output,
        },
    }
    edit = parse(document)
    found = plan_output(edit.output, resolve(edit, {})).form.subtitles
    assert found is not None
    return found


def test_what_is_shown_at_once_shares_a_cue() -> None:
    below = spoken(0, ("one", 0, 2.5))  # stays half a second longer
    above = {"asset": SHAPE, "start": 2, "length": 2, "caption": {"text": "two", "lang": "pt-BR"}}
    found = subtitles([above, below, below])
    assert found.cues == (Cue(0, 2, "one"), Cue(2, 3, "one\ntwo"), Cue(3, 4, "two"))
    assert found.language == "por"


def test_times_are_the_files_and_end_with_the_clip() -> None:
    clip = {"asset": SHAPE, "start": 1, "length": 4, "caption": {"text": "a"}}
    assert subtitles([clip], range={"start": 2, "length": 1}).cues == (Cue(0, 1, "a"),)
    assert subtitles([clip], range={"start": 0.5}).cues == (Cue(0.5, 4.5, "a"),)
    long = spoken(0, ("late", 3.9, 9))
    assert subtitles([long]).cues == (Cue(3.9, 4, "late"),)


def test_captions_of_a_composition_stand_at_its_place() -> None:
    inner = {"tracks": [{"clips": [spoken(1, ("in", 0, 1), ("side.", 1, 2), ("More", 2, 3))]}]}
    asset = {"type": "composition", "timeline": inner, "trim": 2}
    found = subtitles([{"asset": asset, "start": 10, "length": 1.5}])
    assert found.cues == (Cue(10, 11, "in side."), Cue(11, 11.5, "More"))


def test_files_say_the_same_in_their_own_way() -> None:
    cues = (Cue(0.04, 1.5, "a <b> & c"), Cue(3661.002, 3662, "two\nlines"))
    assert written(cues, "srt") == (
        "1\n00:00:00,040 --> 00:00:01,500\na <b> & c\n\n"
        "2\n01:01:01,002 --> 01:01:02,000\ntwo\nlines\n"
    )
    assert written(cues, "vtt") == (
        "WEBVTT\n\n00:00:00.040 --> 00:00:01.500\na &lt;b&gt; &amp; c\n\n"
        "01:01:01.002 --> 01:01:02.000\ntwo\nlines\n"
    )


@pytest.mark.parametrize(
    ("form", "wanted", "place"),
    [
        ("webm", {"embed": True}, "embed"),
        ("png", {"sidecar": ["srt"]}, "sidecar"),
        ("mp4", {"sidecar": ["srt", "srt"]}, "sidecar"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(form: str, wanted: Any, place: str) -> None:
    document = {
        "timeline": {"tracks": [{"clips": [spoken(0, ("a", 0, 1))]}]},
        "output": {"format": form, "resolution": "sd", "subtitles": wanted},
    }
    with pytest.raises(EditInvalid) as caught:
        parse(document)
    assert [p.path for p in caught.value.problems] == [f"/output/subtitles/{place}"]


def test_subtitles_of_nothing_are_told() -> None:
    clip = {"asset": SHAPE, "start": 0, "length": 1}
    document = {
        "timeline": {"tracks": [{"clips": [clip]}]},
        "output": {"format": "mp4", "resolution": "sd", "subtitles": {"embed": True}},
    }
    assert [w.code for w in warnings(parse(document), {}, (), lambda _: "")] == ["no_captions"]
    assert subtitles([clip]).cues == ()
