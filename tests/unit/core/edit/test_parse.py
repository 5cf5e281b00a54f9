"""From JSON to an edit: what is accepted, in which forms, and what is refused before it costs."""

from copy import deepcopy
from typing import Any

import pytest

from documents import CLIP, TEXT, VIDEO, clip, edit, problem, problems
from vidgenie.core.edit import limits
from vidgenie.core.edit.model import TextAsset, Tween
from vidgenie.core.edit.parse import parse
from vidgenie.errors import MergeFieldsMissing


def nested(depth: int) -> dict[str, Any]:
    """An object of so many levels."""
    document: dict[str, Any] = {}
    for _ in range(depth - 1):
        document = {"a": document}
    return document


def test_the_first_render_is_accepted() -> None:
    parsed = parse(
        {
            "timeline": {"tracks": []},
            "output": {"format": "mp4", "resolution": "1080p", "fps": 30},
        }
    )
    assert parsed.timeline.tracks == ()
    assert parsed.output.fps == 30.0


def test_numbers_written_as_texts_are_numbers() -> None:
    font = {"size": "36", "weight": "400.0", "lineHeight": "1.5"}
    asset = TEXT | {"width": "640.0", "font": font}
    document = edit(clip(asset=asset, start="1", length="2.5", opacity="0.5", scale=" 2 "))
    found = parse(document).timeline.tracks[0].clips[0]
    assert (found.start, found.length, found.opacity, found.scale) == (1.0, 2.5, 0.5, 2.0)
    assert isinstance(found.asset, TextAsset)
    assert (found.asset.width, found.asset.font.size, found.asset.font.weight) == (640, 36, 400)


def test_numbers_where_texts_belong_are_texts() -> None:
    """A template's {{year}} is a number as often as not."""
    document = edit(
        clip(asset=TEXT | {"text": "{{year}}"}, id=7),
        output={"resolution": 1080},
        merge={"year": 2024},
    )
    parsed = parse(document)
    assert parsed.output.resolution == "1080"
    found = parsed.timeline.tracks[0].clips[0]
    assert isinstance(found.asset, TextAsset)
    assert (found.asset.text, found.id) == ("2024", "7")


def test_merging_comes_before_validating() -> None:
    document = edit(
        clip(length="{{ seconds }}", opacity="{{fade}}"),
        output={"fps": "{{fps}}"},
        merge=[
            {"find": "seconds", "replace": 5.2},
            {"find": "fps", "replace": "30"},
            {"find": "fade", "replace": [{"from": 0, "to": 1, "start": 0, "length": 1}]},
        ],
    )
    parsed = parse(document)
    found = parsed.timeline.tracks[0].clips[0]
    assert (found.length, parsed.output.fps) == (5.2, 30.0)
    assert found.opacity == (Tween(**{"from": 0, "to": 1, "start": 0, "length": 1}),)


def test_missing_fields_are_told_before_anything_else() -> None:
    with pytest.raises(MergeFieldsMissing):
        parse(edit(clip(length="{{ seconds }}", lenght=1)))


def test_a_fault_in_a_filled_in_value_is_told_at_its_placeholder() -> None:
    document = edit(
        clip(asset="{{ media }}"),
        merge={"media": {"type": "video", "src": "https://a.example/b", "crop": {"topp": 1}}},
    )
    found = problem(document)
    assert found.path == f"{CLIP}/asset", "the path must exist in what was sent"
    assert found.code == "unknown_field"
    assert "in the value of {{ media }}, at /crop/topp: `topp` is not a field" in found.message


def test_a_value_filled_in_twice_is_told_twice_and_stays_as_it_is() -> None:
    shared = VIDEO | {"scr": 1, "crop": {"left": 1}}
    document = edit(clip(asset="{{a}}"), clip(asset="{{a}}"), merge={"a": shared})
    before = deepcopy(document)
    found = [(one.path, one.code) for one in problems(document)]
    assert document == before
    assert found == [
        (f"/timeline/tracks/0/clips/{index}/asset", code)
        for index in (0, 1)
        for code in ("unknown_field", "out_of_range")
    ]


@pytest.mark.parametrize("document", [None, [], "edit", 3, True, "\ud800"])
def test_what_is_no_object_is_no_edit(document: Any) -> None:
    found = problem(document)
    assert (found.path, found.code) == ("", "wrong_type")
    found.message.encode()


def test_nesting_is_limited() -> None:
    parse(edit(metadata=nested(limits.JSON_DEPTH_MAX - 1)))
    found = problem(edit(metadata=nested(limits.JSON_DEPTH_MAX)))
    assert found.code == "too_deep"
    assert problem(edit(metadata=nested(100_000))).code == "too_deep"


def test_tracks_and_clips_are_limited() -> None:
    most = [clip()] * limits.CLIPS_MAX
    assert len(parse(edit(*most)).timeline.tracks[0].clips) == limits.CLIPS_MAX
    found = problem(edit(*most, clip()))
    assert (found.path, found.code) == ("/timeline/tracks", "too_many")
    assert "2001 clips; at most 2000" in found.message
    tracks = [{"clips": [clip()]}] * (limits.TRACKS_MAX + 1)
    assert "101 tracks; at most 100" in problem(edit(timeline={"tracks": tracks})).message


def test_clips_that_merging_multiplies_are_counted() -> None:
    track = {"clips": [clip()] * 1000}
    document = edit(timeline={"tracks": ["{{t}}"] * 3}, merge={"t": track})
    assert "3000 clips" in problem(document).message


def test_values_are_limited() -> None:
    document = edit(metadata={"a": [0] * limits.VALUES_MAX})
    assert problem(document).code == "too_many"
    shared = {f"x{index}": 1 for index in range(1000)}
    document = edit(*[clip(asset="{{a}}")] * 1000, merge={"a": shared})
    assert problem(document).code == "too_many", "filled in a thousand times, it counts so often"


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "é\udfff"])
def test_texts_that_cannot_be_kept_are_refused(text: str) -> None:
    assert problem(edit(clip(asset=TEXT | {"text": text}))).path == f"{CLIP}/asset/text"
    assert problem(edit(metadata={"a": {text: 1}})).path == "/metadata/a"
    for found in problems(edit(clip(asset=TEXT | {"text": text}))):
        found.message.encode()


def test_ten_thousand_clips_answer_at_once() -> None:
    document = edit(*[clip(filter="blur", asset={"type": "html"})] * 10_000)
    assert problem(document).code == "too_many"


def test_problems_follow_the_document_and_are_not_too_many() -> None:
    found = problems(edit(clip(zzz=1), clip(length=0), clip(lenght=1), timeline={"background": ""}))
    assert [one.path for one in found] == [
        f"{CLIP}/zzz",
        "/timeline/tracks/0/clips/1/length",
        "/timeline/tracks/0/clips/2/lenght",
        "/timeline/background",
    ]
    assert len(problems(edit(*[clip(zzz=1)] * 500))) == limits.PROBLEMS_MAX
    assert len(problems(edit(*[clip(length=0)] * 500))) == limits.PROBLEMS_MAX


def test_what_stands_in_for_wrong_parts_is_never_told() -> None:
    """The rules are checked on what remains; what was put in for that must break none."""
    document = {
        "timeline": {
            "tracks": [
                {"clips": [3, clip(start="auto"), {"start": [], "length": {}}]},
                7,
                {"clips": []},
                {"clips": [clip(asset=VIDEO | {"src": 3, "volume": [{"start": "x"}, {}]})]},
            ],
            "soundtrack": {},
            "duration": "x",
        },
        "output": {"format": 1, "size": {"width": "x"}, "resolution": 3, "range": {"length": ""}},
        "callback": 5,
    }
    assert [one.path for one in problems(document)] == [
        "/timeline/tracks/0/clips/0",
        "/timeline/tracks/0/clips/2/start",
        "/timeline/tracks/0/clips/2/length",
        "/timeline/tracks/0/clips/2/asset",
        "/timeline/tracks/1",
        "/timeline/tracks/2/clips",
        "/timeline/tracks/3/clips/0/asset/src",
        "/timeline/tracks/3/clips/0/asset/volume/0/start",
        "/timeline/soundtrack/src",
        "/timeline/duration",
        "/output/format",
        "/output/size/width",
        "/output/resolution",
        "/output/range/length",
        "/callback",
    ]
