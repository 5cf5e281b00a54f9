"""A chunk's key names its content: where it stands does not matter, all else does."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from timelines import timelines
from vidgenie.core.color import Color
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.keys import Keys
from vidgenie.core.plan.model import EncoderSettings, Plan
from vidgenie.core.timeline.layers import visible
from vidgenie.core.timeline.model import Layer, PlacedClip, ResolvedTimeline
from vidgenie.core.timeline.picture import picture_at

HELD = {"video": "v1", "image": "i1", "image-alpha": "a1"}


def keys_of(made: Plan, held: dict[str, str] = HELD, scope: str = "acc_1") -> list[str | None]:
    keys = Keys(made, held, scope=scope, version="1")
    return [keys.of(chunk) for chunk in made.chunks]


def shown(timeline: ResolvedTimeline, frame: int) -> list[Layer]:
    return [nameless(layer) for layer in visible(picture_at(timeline, frame))]


def nameless(layer: Layer) -> Layer:
    masks = tuple(replace(mask, layer=nameless(mask.layer)) for mask in layer.looks.masks)
    return replace(layer, clip="", looks=replace(layer.looks, masks=masks))


def later(clip: PlacedClip, by: int) -> PlacedClip:
    masks = tuple(replace(mask, clip=later(mask.clip, by)) for mask in clip.masks)
    return replace(clip, frames=clip.frames.shifted(by), masks=masks)


@settings(max_examples=300, deadline=None)
@given(timelines(), st.integers(1, 500))
def test_moving_the_whole_timeline_moves_no_key(timeline: ResolvedTimeline, by: int) -> None:
    moved = replace(
        timeline,
        frames=timeline.frames.shifted(by),
        clips=tuple(
            replace(later(clip, by), name=f"9.{n}") for n, clip in enumerate(timeline.clips)
        ),
    )
    assert keys_of(plan(timeline, chunk_frames=20)) == keys_of(plan(moved, chunk_frames=20))


@settings(max_examples=300, deadline=None)
@given(timelines(), st.sampled_from([5, 9, 20]))
def test_equal_keys_mean_equal_pictures(timeline: ResolvedTimeline, chunk_frames: int) -> None:
    made = plan(timeline, chunk_frames=chunk_frames, encoder=EncoderSettings(gop_frames=2))
    first: dict[str | None, int] = {}
    for chunk, key in zip(made.chunks, keys_of(made), strict=True):
        like = made.chunks[first.setdefault(key, chunk.index)]
        assert len(chunk.frames) == len(like.frames)
        for offset in range(len(chunk.frames)):
            one, other = chunk.frames.start + offset, like.frames.start + offset
            assert shown(timeline, one) == shown(timeline, other), key


@settings(max_examples=100, deadline=None)
@given(timelines())
def test_all_that_pixels_depend_on_changes_the_key(timeline: ResolvedTimeline) -> None:
    made = plan(timeline)
    keys = keys_of(made)
    darker = replace(timeline, background=Color(1, 2, 3))
    assert not set(keys) & set(keys_of(plan(darker)))
    assert not set(keys) & set(keys_of(plan(timeline, encoder=EncoderSettings(crf=30))))
    assert not set(keys) & set(keys_of(made, scope="acc_2")), "accounts share no keys"
    changed = keys_of(made, {**HELD, "video": "v2", "image": "i2", "image-alpha": "a2"})
    for chunk, before, after in zip(made.chunks, keys, changed, strict=True):
        contents = [timeline.clips[n].content for span in chunk.spans for n in span.clips]
        if any(content.kind != "text" for content in contents):
            frames = range(chunk.frames.start, chunk.frames.stop)
            is_shown = any(
                layer.drawable.kind != "text"
                for frame in frames
                for layer in picture_at(timeline, frame).layers
            )
            assert (before != after) or not is_shown
