"""What sounds, from where in its source, how fast and how often: numbers worked out by hand."""

from fractions import Fraction
from typing import Any

import pytest

from documents import clip, edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.timebase import FrameRate, SampleRange
from vidgenie.core.timeline.facts import AudioFacts, FrameTimes, MediaFacts, VideoFacts
from vidgenie.core.timeline.model import VideoContent, Voice
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.warnings import warnings

SRC = "https://media.example/a.wav"
FACTS = {SRC: MediaFacts("wav", 6.0, None, AudioFacts(48_000, 2, "pcm_s16le"))}


def document(asset: dict[str, Any], timeline: dict[str, Any] | None = None) -> dict[str, Any]:
    sound = {"type": "audio", "src": SRC} | asset
    return edit(clip(asset=sound, start=1, length=4), timeline=timeline)


def voices(asset: dict[str, Any], timeline: dict[str, Any] | None = None) -> tuple[Voice, ...]:
    return resolve(parse(document(asset, timeline)), FACTS).voices


def test_trim_counts_in_sped_up_time() -> None:
    (voice,) = voices({"speed": 1.5, "trim": 2})
    assert (voice.start_s, voice.speed, voice.pass_s) == (3, Fraction(3, 2), None)
    assert voice.samples == SampleRange(48_000, 5 * 48_000)


def test_what_is_frozen_is_silent() -> None:
    assert voices({"speed": 0}) == ()


def test_a_loop_repeats_what_trim_leaves() -> None:
    (voice,) = voices({"speed": 2, "trim": 1, "loop": True})
    assert (voice.start_s, voice.pass_s) == (2, 2)


def test_what_trim_leaves_nothing_of_is_not_repeated() -> None:
    assert voices({"trim": 5.99, "loop": True})[0].pass_s is None


@pytest.mark.parametrize(("own", "whole"), [(True, False), (False, True), (False, False)])
def test_the_soundtrack_is_repeated_by_either_loop(own: bool, whole: bool) -> None:
    timeline = {"soundtrack": {"src": SRC, "loop": own}, "loop": whole}
    assert voices({}, timeline)[-1].pass_s == (6 if own or whole else None)


def test_speed_and_loop_are_counted_before_a_source_is_called_too_short() -> None:
    def codes(asset: dict[str, Any]) -> list[str]:
        return [told.code for told in warnings(parse(document(asset)), FACTS, (), lambda text: "")]

    assert codes({"speed": 2}) == ["source_too_short"]
    assert codes({"speed": 2, "loop": True}) == codes({"speed": 0.5}) == codes({"speed": 0}) == []


@pytest.mark.parametrize("duration_s", [3.333333, 3.4])
def test_pictures_and_sound_keep_the_same_pace(duration_s: float) -> None:
    """A container rounds 100 frames at 30 to 3.333333 s; one that has more sound than pictures."""
    times = FrameTimes(100, FrameRate(30))
    video = VideoFacts(64, 48, times, "h264", "yuv420p")
    facts = MediaFacts("mov", duration_s, video, AudioFacts(48_000, 2, "aac"))
    sped = {"type": "video", "src": SRC, "speed": 1.25, "trim": 1, "loop": True}
    made = resolve(parse(edit(clip(asset=sped, length=60))), {SRC: facts})
    shown, heard = made.clips[0].content, made.voices[0]
    assert isinstance(shown, VideoContent)
    assert (shown.start_s, shown.speed, shown.pass_s) == (
        heard.start_s,
        heard.speed,
        heard.pass_s,
    )
    assert shown.pass_s == (Fraction(5, 3) if duration_s < 3.4 else Fraction(172, 100))
