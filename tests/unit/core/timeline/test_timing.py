"""When clips begin and how long they last, in numbers worked out by hand (EDIT.md §7)."""

from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from documents import IMAGE, TEXT, VIDEO, clip, edit
from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.lottie.document import LottieFacts
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import FrameTimes, MediaFacts, VideoFacts
from vidgenie.core.timeline.timing import Times, schedule
from vidgenie.errors import EditInvalid

AUDIO = {"type": "audio", "src": "https://media.example/a.mp3"}
LUMA = {"type": "luma", "src": "https://media.example/l.mp4"}
PICTURE = VideoFacts(640, 360, FrameTimes(240, FrameRate(30)), "h264", "yuv420p")
FACTS = {
    VIDEO["src"]: MediaFacts("mov", 8.0, PICTURE),
    LUMA["src"]: MediaFacts("mov", 2.0, PICTURE),
    AUDIO["src"]: MediaFacts("mp3", 20.0),
    IMAGE["src"]: MediaFacts("png", 0.04, PICTURE, is_image=True),
    "https://media.example/a.srt": MediaFacts("srt", 12.5),
    "https://media.example/a.json": MediaFacts("lottie", 4.0, lottie=LottieFacts(9, 9, 25, 100)),
}


def model(document: dict[str, Any]) -> Edit:
    """The edit of a document, what is not rendered yet included."""
    return Edit.model_validate(document)


def times(*clips: dict[str, Any], **timeline: Any) -> list[tuple[float, float]]:
    """Start and length of the clips of one track."""
    return [tuple(one) for one in plan(*clips, **timeline).clips.values()]


def plan(*clips: dict[str, Any], **timeline: Any) -> Any:
    return schedule(model(edit(*clips, timeline=timeline)), FACTS)


@pytest.mark.parametrize(
    ("asset", "length"),
    [
        (VIDEO, 8.0),
        (VIDEO | {"trim": 3}, 5.0),
        (VIDEO | {"speed": 2}, 4.0),
        (VIDEO | {"speed": 0.5}, 16.0),
        (VIDEO | {"speed": 2, "trim": 1}, 3.0),  # `trim` is in sped-up time
        (VIDEO | {"speed": 0}, 3.0),  # frozen: it stands still
        (AUDIO | {"trim": "2.5"}, 17.5),
        (LUMA | {"trim": 0.5}, 1.5),
        (IMAGE, 3.0),
        (VIDEO | {"src": IMAGE["src"]}, 3.0),
        (TEXT, 3.0),
        ({"type": "rich-text", "text": "a"}, 3.0),
        ({"type": "shape", "shape": "circle"}, 3.0),
        ({"type": "lottie", "src": "https://media.example/a.json", "speed": 2}, 2.0),
        ({"type": "caption", "src": "https://media.example/a.srt"}, 12.5),
        ({"type": "caption", "src": "https://media.example/a.srt", "trim": 2}, 10.5),
        ({"type": "rich-caption", "words": [{"text": "a", "start": 1, "end": 2.25}]}, 2.25),
        ({"type": "composition", "timeline": {"tracks": []}}, 1.0),
        ({"type": "composition", "timeline": {"tracks": [], "duration": 7}, "trim": 2}, 5.0),
    ],
)
def test_auto_is_the_length_an_asset_has(asset: dict[str, Any], length: float) -> None:
    assert times(clip(asset=asset, length="auto")) == [(0.0, length)]


def test_captions_of_another_clip_last_as_long_as_its_own() -> None:
    first = clip(asset={"type": "caption", "src": "https://media.example/a.srt"}, alias="words")
    second = clip(asset={"type": "rich-caption", "src": "alias://words"}, length="auto")
    assert times(first, second)[1] == (0.0, 12.5)


def test_a_luma_lasts_as_long_as_what_it_masks_stands_still() -> None:
    assert times(clip(asset=LUMA, length="auto"), clip())[0] == (0.0, 3.0)
    assert times(clip(asset=LUMA, length="auto"), clip(asset=VIDEO))[0] == (0.0, 2.0)
    assert times(clip(asset=LUMA, length="auto"), clip(asset=AUDIO))[0] == (0.0, 2.0)


def test_auto_starts_at_the_end_of_the_clip_before() -> None:
    found = times(
        clip(start="auto", length=2),
        clip(start="auto", length="auto", asset=VIDEO | {"trim": 7}),
        clip(start="auto", length=1),
        clip(start=1, length=1),
        clip(start="auto", length=1),
    )
    assert found == [(0, 2), (2, 1), (3, 1), (1, 1), (2, 1)]


def test_end_reaches_to_the_last_end_of_all_others() -> None:
    found = plan(clip(start=1, length="end"), clip(start=2, length=5), clip(start=9, length="end"))
    assert list(found.clips.values()) == [(1, 8), (2, 5), (9, 0.1)], "it is 0.1 s at least"
    assert found.duration == pytest.approx(9.1)
    assert times(clip(start=1, length="end"), clip(length=2), duration=10)[0] == (1, 9)


def test_an_alias_copies_what_was_worked_out() -> None:
    first = clip(start=2, length="auto", asset=VIDEO | {"trim": 1}, alias="v")
    assert times(first, clip(start="alias://v", length="alias://v"))[1] == (2, 7)


def test_overlaps_stand_as_written_and_duration_is_the_last_end() -> None:
    assert times(clip(start=0, length=5), clip(start=1, length=2)) == [(0, 5), (1, 2)]
    assert plan(clip(start=0, length=5), clip(start=1, length=2)).duration == 5
    assert plan(clip(start=0, length=5), duration=3).duration == 3
    assert plan().duration == 1


def test_a_composition_has_a_schedule_of_its_own() -> None:
    inner = {"tracks": [{"clips": [clip(start=3, length=4, alias="v"), clip(length="end")]}]}
    outer = clip(start=1, length="auto", asset={"type": "composition", "timeline": inner})
    assert times(outer, clip(start="auto", alias="v")) == [(1, 7), (8, 2)]


@pytest.mark.parametrize("condition", [False, 0, "", None, "false", "0", 0.0, " False "])
def test_a_clip_whose_condition_fails_is_not_there(condition: Any) -> None:
    empty = {"asset": {"type": "image", "src": ""}, "start": 5, "length": "x", "misspelt": 1}
    parsed = parse(edit(clip(length=2), empty | {"condition": condition}, clip(start="auto")))
    assert schedule(parsed, FACTS).clips == {(0, 0): Times(0, 2), (0, 2): Times(2, 2)}


@pytest.mark.parametrize("condition", [True, 1, "yes", [], "no"])
def test_any_other_condition_holds(condition: Any) -> None:
    assert len(times(clip(condition=condition))) == 1


def test_a_track_may_be_left_with_nothing() -> None:
    assert schedule(parse(edit(clip(condition="{{x}}"), merge={"x": 0})), FACTS).duration == 1.0


def test_trimming_more_than_there_is_is_told() -> None:
    with pytest.raises(EditInvalid) as caught:
        plan(clip(asset=VIDEO | {"trim": 4.5, "speed": 2}, length="auto"))
    (problem,) = caught.value.problems
    assert problem.path == "/timeline/tracks/0/clips/0/length"
    assert "the source is only 4 s long at speed 2; trim less" in problem.message


def test_a_composition_that_lasts_too_long_is_told_inside() -> None:
    inner = {"tracks": [{"clips": [clip(asset=VIDEO, length="auto", start=10_795)]}]}
    with pytest.raises(EditInvalid) as caught:
        plan(clip(asset={"type": "composition", "timeline": inner}, length="auto"))
    path = "/timeline/tracks/0/clips/0/asset/timeline/tracks/0/clips/0/length"
    assert caught.value.problems[0].path == path


def test_an_image_as_luma_stands_still() -> None:
    facts = FACTS | {LUMA["src"]: replace(FACTS[LUMA["src"]], is_image=True)}
    document = edit(clip(asset=LUMA, length="auto"), clip(asset=VIDEO))
    assert schedule(model(document), facts).clips[0, 0] == (0, 3.0)


def test_long_chains_are_worked_out_once_each() -> None:
    """A thousand compositions in a chain: each is scheduled once, not once for each follower."""
    inner = {"tracks": [{"clips": [clip(length=1)]}]}
    chained = [
        clip(start="auto", length="auto", asset={"type": "composition", "timeline": inner})
        for _ in range(1000)
    ]
    document = model(edit(*chained))
    started = process_time()
    assert schedule(document, FACTS).duration == 1000
    assert process_time() - started < 2.0
