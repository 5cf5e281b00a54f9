"""Offsets in pixels and offsets in fractions that mean the same are the same."""

from typing import Any

from documents import CLIP, TEXT, clip, edit, problem
from vidgenie.core.edit.model import Clip, CompositionAsset, Edit, Timeline, TitleAsset
from vidgenie.core.edit.parse import parse
from vidgenie.core.edit.units import in_fractions

PX = {"units": "px"}
HALF = {"size": {"width": 1000, "height": 500}}


def first_clip(document: dict[str, Any]) -> Clip:
    return in_fractions(Edit.model_validate(document)).timeline.tracks[0].clips[0]


def test_pixels_are_parts_of_the_frame() -> None:
    tween = [{"from": -100, "to": "250", "start": 0, "length": 1}]
    found = first_clip(edit(clip(offset={"x": 250, "y": tween}), timeline=PX, output=HALF)).offset
    assert found is not None
    assert found.x == 0.25
    assert isinstance(found.y, tuple)
    assert (found.y[0].from_, found.y[0].to, found.y[0].length) == (-0.2, 0.5, 1)


def test_keyframes_and_pans_count_pixels_too() -> None:
    frames = [{"time": 0, "x": 100, "y": 50}, {"time": 1, "scale": 2}]
    moved = {"keyframes": frames, "preset": "pan_up", "preset_config": {"pan_distance": 50}}
    found = first_clip(edit(clip(transform=moved), timeline=PX, output=HALF)).transform
    assert found is not None
    assert found.keyframes is not None
    assert found.preset_config is not None
    assert [(one.x, one.y) for one in found.keyframes] == [(0.1, 0.1), (None, None)]
    assert found.preset_config.pan_distance == 0.1


def test_a_title_is_moved_in_its_box_by_pixels() -> None:
    title = {"type": "title", "text": "a", "offset": {"x": 10}}
    found = first_clip(edit(clip(asset=title), timeline=PX, output=HALF)).asset
    assert isinstance(found, TitleAsset)
    assert found.offset is not None
    assert found.offset.x == 0.01


def test_width_and_height_of_an_output_say_that_pixels_are_counted() -> None:
    dialect = {"width": 1000, "height": 500}
    assert (
        first_clip(edit(clip(offset={"x": 250}), output=dialect)).offset
        == first_clip(edit(clip(offset={"x": 250}), output=HALF, timeline=PX)).offset
    )
    said = edit(clip(offset={"x": 0.5}), output=dialect, timeline={"units": "fraction"})
    offset = first_clip(said).offset
    assert offset is not None
    assert offset.x == 0.5


def test_a_composition_counts_in_its_own_frame() -> None:
    inner = {"tracks": [{"clips": [clip(offset={"x": 50, "y": 50})]}]}
    asset = {"type": "composition", "timeline": inner, "width": 200, "height": 100}
    found = first_clip(edit(clip(asset=asset), timeline=PX, output=HALF)).asset
    assert isinstance(found, CompositionAsset)
    nested = found.timeline.tracks[0].clips[0].offset
    assert nested is not None
    assert (nested.x, nested.y) == (0.25, 0.5)
    own = {"type": "composition", "timeline": inner | {"units": "fraction"}}
    kept = first_clip(edit(clip(asset=own), timeline=PX, output=HALF)).asset
    assert isinstance(kept, CompositionAsset)
    assert kept.timeline == Timeline.model_validate(own["timeline"])


def test_an_edit_in_fractions_stays_the_very_same() -> None:
    document = Edit.model_validate(edit(clip(offset={"x": 0.5}), clip(asset=TEXT)))
    assert in_fractions(document) is document


def test_three_hundred_frames_to_the_right_are_pixels_meant() -> None:
    found = problem(edit(clip(offset={"x": 300})))
    assert (found.path, found.code) == (f"{CLIP}/offset/x", "out_of_range")
    assert '"units": "px"' in found.message
    parse(edit(clip(offset={"x": 300}), timeline=PX))
    parse(edit(clip(offset={"x": 300}), output={"width": 640, "height": 360}))
