"""A timeline within a timeline: its pictures at the clip's time, its sound at the clip's place."""

from typing import Any

import pytest

from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.model import Hold
from vidgenie.core.plan.spans import cut_spans
from vidgenie.core.timeline.facts import AudioFacts, MediaFacts
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.graphics.composition import CompositionContent
from vidgenie.core.timeline.model import Picture, ResolvedTimeline
from vidgenie.core.timeline.picture import picture_at
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.sound import gain_at
from vidgenie.errors import EditInvalid

SOUND = "https://x/a.m4a"
FACTS = {SOUND: MediaFacts("mov", 9.0, None, AudioFacts(48000, 2, "aac"))}


def text(start: float, length: float) -> dict[str, Any]:
    return {"asset": {"type": "text", "text": f"at {start}"}, "start": start, "length": length}


def nested(*clips: dict[str, Any], length: float | str = 4, **asset: Any) -> ResolvedTimeline:
    inner = {"tracks": [{"clips": list(clips)}], **asset.pop("timeline", {})}
    composition = {"type": "composition", "timeline": inner, "width": 100, "height": 60, **asset}
    clip = {"asset": composition, "start": 1, "length": length}
    document = {
        "timeline": {"tracks": [{"clips": [clip]}]},
        "output": {"format": "mp4", "size": {"width": 320, "height": 180}, "fps": 12},
    }
    return resolve(parse(document), FACTS)


def inside(timeline: ResolvedTimeline, frame: int) -> Picture:
    [layer] = picture_at(timeline, frame).layers
    assert isinstance(layer.drawable, Posed)
    content = layer.drawable.graphic
    assert isinstance(content, CompositionContent)
    return content.picture(layer.drawable.phase)


def test_its_clips_stand_where_its_own_time_says() -> None:
    timeline = nested(text(0, 1), text(2, 2))
    assert [bool(inside(timeline, frame).layers) for frame in (12, 24, 36)] == [True, False, True]
    assert inside(timeline, 12).size.width == 100
    assert inside(timeline, 12).background.a == 0
    assert inside(nested(text(0, 1), timeline={"background": "#123456"}), 12).background.a == 255
    assert inside(nested(text(2, 2), trim=2), 12).layers


def test_what_stands_still_in_it_is_held() -> None:
    spans = cut_spans(nested(text(0, 1), text(2, 2)))
    assert all(span.recipe == Hold() for span in spans)
    assert [span.frames.start for span in spans] == [0, 12, 24, 36]


def test_a_part_of_it_may_be_shown() -> None:
    [layer] = picture_at(nested(text(0, 4), crop={"left": 0.25, "top": 0.5}), 12).layers
    assert (layer.source.left, layer.source.top) == (25, 30)


def test_its_sound_stands_at_its_place_at_the_clips_volume() -> None:
    audio = {"asset": {"type": "audio", "src": SOUND, "volume": 0.5}, "start": 1, "length": 8}
    fall = [{"from": 1, "to": 0, "start": 0, "length": 4}]
    [voice] = nested(audio, volume=fall).voices
    assert (voice.samples.start, voice.samples.stop) == (2 * 48000, 5 * 48000)
    assert gain_at(voice, 0) == pytest.approx(0.5 * 0.75, abs=1e-4)
    assert gain_at(voice, 2 * 48000) == pytest.approx(0.5 * 0.25, abs=1e-4)
    with pytest.raises(EditInvalid) as caught:
        nested(audio, trim=1)
    assert caught.value.problems[0].path == "/timeline/tracks/0/clips/0/asset/trim"
