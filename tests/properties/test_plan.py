"""The plan agrees with the oracle on every frame of generated timelines."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from timelines import joins, timelines
from vidgenie.core.color import Color
from vidgenie.core.geometry import Affine, Rect, Size
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.explain import explain
from vidgenie.core.plan.model import Box, Copy, EncoderSettings, Hold, Mix, Plan, Span
from vidgenie.core.plan.spans import cut_spans
from vidgenie.core.timebase import FrameRange, FrameRate
from vidgenie.core.timeline.facts import FrameTimes
from vidgenie.core.timeline.layers import visible
from vidgenie.core.timeline.model import (
    FrameOf,
    Layer,
    Motion,
    PlacedClip,
    ResolvedTimeline,
    VideoContent,
)
from vidgenie.core.timeline.picture import picture_at

EXAMPLES = 1000


def layers_of(timeline: ResolvedTimeline, span: Span, frame: int) -> list[Layer | None]:
    """What the plan paints on a frame, clip by clip; None where a clip is not on it."""
    by_name = {layer.clip: layer for layer in picture_at(timeline, frame).layers}
    return [by_name.get(timeline.clips[index].name) for index in span.clips]


def check_span(timeline: ResolvedTimeline, span: Span) -> None:
    pictures = []
    for frame in range(span.frames.start, span.frames.stop):
        painted = layers_of(timeline, span, frame)
        seen = visible(picture_at(timeline, frame))
        assert [layer for layer in painted if layer in seen] == list(seen), (
            f"frame {frame} of {span}: the plan leaves out a layer that can be seen"
        )
        pictures.append((painted, seen))
    match span.recipe:
        case Copy(asset=asset, source=source):
            size = timeline.size
            assert len(source) == len(span.frames)
            for number, ((layer,), _) in enumerate(pictures):
                assert layer is not None
                shown = FrameOf(asset, source.start + number)
                whole = Layer(layer.clip, shown, Rect.of(size), Affine(), 1.0, is_opaque=True)
                assert layer == whole, f"frame {number} of {span}"
        case Hold():
            assert all(seen == pictures[0][1] for _, seen in pictures), f"{span} moves"
        case Box(static=static) | Mix(static=static):
            head = pictures[0][0][:static]
            assert None not in head
            assert all(painted[:static] == head for painted, _ in pictures), f"{span}: not static"
            assert all(
                layer.looks.blend == "normal"
                for painted, _ in pictures
                for layer in painted[static:]
                if layer
            )


def check_cover(made: Plan) -> None:
    timeline = made.timeline
    edges = [(chunk.covers.start, chunk.covers.stop) for chunk in made.chunks]
    assert edges[0][0] == timeline.frames.start
    assert edges[-1][1] == timeline.frames.stop
    assert all(one[1] == two[0] for one, two in pairwise(edges))
    for chunk in made.chunks:
        frames = [f for s in chunk.spans for f in range(s.frames.start, s.frames.stop)]
        assert frames == list(range(chunk.frames.start, chunk.frames.stop))
        assert len(frames) > 1 or len(timeline.frames) == 1, "adjacent IDR frames"
        if chunk.repeat > 1:
            first = visible(picture_at(timeline, chunk.frames.start))
            covered = range(chunk.covers.start, chunk.covers.stop)
            assert all(visible(picture_at(timeline, frame)) == first for frame in covered)


@settings(max_examples=EXAMPLES, deadline=None)
@given(timelines(), st.sampled_from([8, 20, 120]), st.sampled_from([2, 5, 60]))
def test_every_frame_shows_what_the_oracle_says(
    timeline: ResolvedTimeline, chunk_frames: int, gop_frames: int
) -> None:
    encoder = EncoderSettings(gop_frames=gop_frames)
    made = plan(timeline, chunk_frames=chunk_frames, encoder=encoder)
    check_cover(made)
    for chunk in made.chunks:
        for span in chunk.spans:
            check_span(timeline, span)


@settings(max_examples=200, deadline=None)
@given(timelines())
def test_spans_are_maximal_and_explained(timeline: ResolvedTimeline) -> None:
    made = plan(timeline)
    text = explain(made)
    for chunk in made.chunks:
        for one, two in pairwise(chunk.spans):
            both_hold = one.recipe == two.recipe == Hold() and one.clips == two.clips
            if both_hold:
                before = visible(picture_at(timeline, one.frames.start))
                assert before != visible(picture_at(timeline, two.frames.start))
        for span in chunk.spans:
            assert str(span.frames) in text


@settings(max_examples=EXAMPLES, deadline=None)
@given(joins())
def test_what_is_copied_are_whole_gops_of_an_untouched_source(timeline: ResolvedTimeline) -> None:
    made = plan(timeline)
    check_cover(made)
    sets: dict[int, str] = {}
    for span in (span for chunk in made.chunks for span in chunk.spans):
        check_span(timeline, span)
        if not isinstance(span.recipe, Copy):
            continue
        content = timeline.clips[span.clips[0]].content
        assert isinstance(content, VideoContent)
        assert content.facts is not None
        coded, wanted = content.facts.coded, span.recipe.source
        assert wanted.start in coded.keyframes
        ends = coded.keyframes if coded.has_hidden else (*coded.keyframes, content.times.count)
        assert wanted.stop in ends
        assert not coded.open_gops
        assert coded.sets is not None
        for number in coded.sets.ids:
            assert sets.setdefault(number, coded.sets.digest) == coded.sets.digest
    assert made.encoder.parameter_id not in sets


def test_a_loop_that_comes_back_at_every_probe_is_no_hold() -> None:
    times = FrameTimes(2, FrameRate(30))  # first, middle and last of 9 frames show the same one
    looped = VideoContent("video", Fraction(0), times, pass_s=times.duration_s)
    clip = PlacedClip(
        "0.0", FrameRange(0, 9), looped, Rect.of(Size(160, 90)), (1, 1), (0.5, 0.5), Motion(), True
    )
    line = ResolvedTimeline(Size(160, 90), FrameRate(30), FrameRange(0, 9), Color(0, 0, 0), (clip,))
    assert picture_at(line, 0) == picture_at(line, 4) == picture_at(line, 8) != picture_at(line, 1)
    assert not any(isinstance(span.recipe, Hold) for span in cut_spans(line))
