"""Group spans into chunks: what one worker encodes in one go.

A chunk begins with a keyframe, so every chunk costs one; too few chunks leave cores idle.
"""

from collections.abc import Iterator
from math import ceil

from vidgenie.core.plan.model import Chunk, EncoderSettings, Plan, Span
from vidgenie.core.plan.spans import cut_spans
from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.model import ResolvedTimeline

CHUNK_FRAMES = 120
"""Aim: 4 s at 30 fps. Half of it costs 10 % more bytes, much more leaves a second worker idle."""

SNAP_FRAMES = 40
"""A chunk ends up to so many frames early or late where a span ends there anyway."""

SHORT_SHARE = 0.25
"""A rest of up to this share of a chunk is not worth a keyframe of its own."""

MIN_FRAMES = 2
"""Adjacent IDR frames must differ in `idr_pic_id` (H.264 §7.4.3): chunks have at least two."""


def plan(
    timeline: ResolvedTimeline,
    *,
    encoder: EncoderSettings | None = None,
    is_mute: bool = False,
    chunk_frames: int = CHUNK_FRAMES,
) -> Plan:
    """Plan an output: cut it into spans, group them into chunks.

    Law: chunks are in order, touch, and cover `timeline.frames` once; spans are split only at a
    chunk's edge.
    """
    spans = cut_spans(timeline)
    edges = list(_edges(timeline.frames, spans, chunk_frames))
    chunks = tuple(
        Chunk(index, frames, tuple(_within(spans, frames))) for index, frames in enumerate(edges)
    )
    return Plan(
        timeline=timeline,
        chunks=chunks,
        encoder=encoder or EncoderSettings(),
        has_sound=bool(timeline.voices) and not is_mute,
    )


def _edges(frames: FrameRange, spans: tuple[Span, ...], chunk_frames: int) -> Iterator[FrameRange]:
    """Yield equal shares of the frames, moved to a span's end where one is near."""
    count = max(1, ceil(len(frames) / chunk_frames - SHORT_SHARE))
    snap = min(SNAP_FRAMES, chunk_frames // 3)
    ends = [span.frames.stop for span in spans]
    start = frames.start
    for number in range(1, count + 1):
        aim = frames.start + round(len(frames) * number / count)
        near = [end for end in ends if abs(end - aim) <= snap and end >= start + MIN_FRAMES]
        stop = min(near, key=lambda end: abs(end - aim), default=aim)
        if number == count or frames.stop - stop < MIN_FRAMES:
            stop = frames.stop
        if stop > start:
            yield FrameRange(start, stop)
        start = stop


def _within(spans: tuple[Span, ...], frames: FrameRange) -> Iterator[Span]:
    for span in spans:
        if span.frames.overlaps(frames):
            yield Span(span.frames.clamped(frames), span.recipe, span.clips)
