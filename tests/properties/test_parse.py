"""Valid edits are accepted, and nothing, whatever it is, breaks the reader."""

from contextlib import suppress
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from strategies import edits, json_values, nasty_edits
from vidgenie.core.edit.parse import parse
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import AudioFacts, FrameTimes, MediaFacts, VideoFacts
from vidgenie.core.timeline.needs import needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.errors import EditInvalid, Problem

VIDEO = VideoFacts(640, 360, FrameTimes(120, FrameRate(30)), "h264", "yuv420p")
FACTS = MediaFacts("mov", 60.0, VIDEO, AudioFacts(48000, 2, "aac"))


@settings(max_examples=200, deadline=None)
@given(edits())
def test_valid_edits_are_parsed_and_resolved(document: dict[str, Any]) -> None:
    before = deepcopy(document)
    edit = parse(document)
    assert document == before, "parsing must not change what was sent"
    timeline = resolve(edit, {need.src: FACTS for need in needs(edit)})
    assert timeline == resolve(edit, {need.src: FACTS for need in needs(edit)})
    assert len(timeline.frames) >= 1
    assert all(clip.frames.stop <= timeline.frames.stop for clip in timeline.clips)


@settings(max_examples=300, deadline=None)
@given(json_values)
def test_any_json_is_parsed_or_refused(document: Any) -> None:
    with suppress(EditInvalid):
        parse(document)


@settings(max_examples=300, deadline=None)
@given(edits(), st.data())
def test_one_wrong_value_gives_a_problem_that_points_at_something(
    document: dict[str, Any], data: st.DataObject
) -> None:
    target: Any = document
    while isinstance(target, dict | list) and target:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(target[key], dict | list) or data.draw(st.booleans()):
            target[key] = data.draw(json_values)
            break
        target = target[key]
    told = problems_of(document)
    assert len({(problem.path, problem.message) for problem in told}) == len(told), "told twice"
    for problem in told:
        assert problem.message
        assert points_into(document, problem.path), problem


def problems_of(document: Any) -> tuple[Problem, ...]:
    """What is told of a document; at least one problem where it is refused."""
    try:
        parse(document)
    except EditInvalid as error:
        return error.problems or (Problem("/nowhere/at/all", "none", ""),)
    return ()


def points_into(document: Any, path: str) -> bool:
    """Every step but the last exists."""
    for key in path.split("/")[1:-1]:
        if isinstance(document, list):
            if int(key) >= len(document):
                return False
            document = document[int(key)]
        elif isinstance(document, dict):
            if key not in document:
                return False
            document = document[key]
    return True


@settings(max_examples=300, deadline=None)
@given(nasty_edits())
def test_every_fault_is_told_at_once(nasty: tuple[dict[str, Any], set[str]]) -> None:
    document, faults = nasty
    before = deepcopy(document)
    told = {problem.path for problem in problems_of(document)}
    assert document == before, "parsing must not change what was sent"
    assert faults <= told
    if "/timeline/tracks/0/clips/0/length" not in faults:  # no tween fits into a clip of 0 s
        assert told == faults
