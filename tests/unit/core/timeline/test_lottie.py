"""Lottie clips on the timeline: which frame is shown when, and how it lies in its box."""

from typing import Any

import pytest

import lotties
from vidgenie.core.edit.parse import parse
from vidgenie.core.geometry import Rect
from vidgenie.core.lottie.document import read_lottie
from vidgenie.core.plan.explain import explain
from vidgenie.core.plan.outputs import plan_output
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.graphics.lottie import LottieContent
from vidgenie.core.timeline.model import ResolvedTimeline
from vidgenie.core.timeline.picture import layer_at
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.warnings import warnings
from vidgenie.errors import EditInvalid

SRC = "https://media.example/slider.json"
FACTS = {SRC: MediaFacts("lottie", 2.0, lottie=read_lottie(lotties.slider()))}


def edit(asset: dict[str, Any], **clip: Any) -> Any:
    made = {"asset": {"type": "lottie", **asset}, "start": 0, "length": 4, **clip}
    output = {"format": "mp4", "size": {"width": 400, "height": 400}, "fps": 30}
    return parse({"timeline": {"tracks": [{"clips": [made]}]}, "output": output})


def resolved(asset: dict[str, Any], **clip: Any) -> ResolvedTimeline:
    return resolve(edit(asset, **clip), FACTS)


def shown(asset: dict[str, Any], seconds: float) -> float:
    content = resolved(asset).clips[0].content
    assert isinstance(content, LottieContent)
    return float(content.phase_at(seconds)[0])


@pytest.mark.parametrize(
    ("asset", "seconds", "frame"),
    [
        ({}, 0.5, 15),
        ({}, 1.5, 30),  # stands still from 30 on
        ({}, 3.9, 30),
        ({"speed": 2}, 0.25, 15),
        ({"trim": 0.5}, 0.25, 22.5),
        ({"trim": 0.25, "speed": 2}, 0.25, 30),
        ({"speed": 0, "trim": 1}, 3, 0),
        ({"loop": True}, 2.5, 15),
        ({"loop": True, "trim": 0.5}, 1.5, 15),
        ({"loop": True, "speed": 4}, 0.75, 30),
        ({"trim": 9}, 0, 30),
    ],
)
def test_a_second_of_the_clip_is_a_frame_of_the_document(
    asset: dict[str, Any], seconds: float, frame: float
) -> None:
    assert shown({"src": SRC, **asset}, seconds) == frame
    assert shown({"data": lotties.slider(), **asset}, seconds) == frame


def test_the_plan_holds_what_stands_still_and_sees_through_loops() -> None:
    plan = explain(plan_output(edit({"src": SRC}).output, resolved({"src": SRC})))
    assert "[0, 30) box" in plan
    assert "[30, 120) hold" in plan
    # Frames 0, 60 and 119 of a loop of one second look alike; those between do not.
    loop = {"src": SRC, "loop": True, "speed": 2}
    assert "hold" not in explain(plan_output(edit(loop).output, resolved(loop)))
    inner = {
        "tracks": [{"clips": [{"asset": {"type": "lottie", **loop}, "start": 0, "length": 4}]}]
    }
    nested = {"type": "composition", "timeline": inner}
    both = parse({
        "timeline": {"tracks": [{"clips": [{"asset": nested, "start": 0, "length": 4}]}]},
        "output": {"format": "mp4", "resolution": "preview", "fps": 30},
    })  # fmt: skip
    assert "hold" not in explain(plan_output(both.output, resolve(both, FACTS)))


def test_it_fits_its_box_as_a_picture_does() -> None:
    contained = resolved({"src": SRC}, fit="contain").clips[0]
    assert contained.fit == (2, 2)
    filled = resolved({"src": SRC}).clips[0]
    assert filled.fit == (4, 4)
    assert filled.source == Rect(50, 0, 100, 100)
    assert isinstance(filled.content, LottieContent)
    assert filled.content.part == filled.source
    boxed = resolved({"src": SRC}, width=100, height=100, fit="contain", position="topRight")
    layer = layer_at(boxed, boxed.clips[0], 0)
    assert layer is not None
    assert layer.bounds == Rect(300, 0, 100, 50)


def test_its_own_length_is_what_is_left_of_it() -> None:
    for asset in ({"src": SRC}, {"data": lotties.slider()}):
        made = resolved({**asset, "trim": 0.5, "speed": 2}, length="auto")
        assert len(made.frames) == 15


def test_other_sources_are_refused_both_ways() -> None:
    video = {"timeline": {"tracks": [{"clips": [
        {"asset": {"type": "video", "src": SRC}, "start": 0, "length": 1},
    ]}]}, "output": {"format": "mp4", "resolution": "hd"}}  # fmt: skip
    with pytest.raises(EditInvalid) as told:
        resolve(parse(video), FACTS)
    assert 'say type "lottie"' in told.value.problems[0].message
    with pytest.raises(EditInvalid) as told:
        resolve(edit({"src": SRC}), {SRC: MediaFacts("mp3", 2.0)})
    assert "no animation" in told.value.problems[0].message


def test_a_document_in_the_edit_is_checked_with_it() -> None:
    broken = lotties.slider() | {"fr": -1}
    with pytest.raises(EditInvalid) as told:
        edit({"data": broken})
    assert "`fr` is -1" in told.value.problems[0].message
    asked = lotties.slider()
    asked["layers"][0]["ks"]["r"]["x"] = "time * 90"
    noted = warnings(edit({"data": asked}), {}, (), lambda text: "")
    assert [(one.code, one.path) for one in noted] == [
        ("animation_simplified", "/timeline/tracks/0/clips/0/asset/data")
    ]
