"""Group spans into chunks: what one worker encodes in one go.

A chunk begins with a keyframe, so every chunk costs one; too few chunks leave cores idle.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import ceil

from vidgenie.core.plan.copy import MIN_FRAMES, Copies, with_copies
from vidgenie.core.plan.model import Chunk, Copy, EncoderSettings, Hold, Paint, Plan, Span
from vidgenie.core.plan.spans import cut_spans
from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.model import ResolvedTimeline

CHUNK_FRAMES = 120
"""Aim: 4 s at 30 fps. Half of it costs 10 % more bytes, much more leaves a second worker idle."""

SNAP_FRAMES = 40
"""A chunk ends up to so many frames early or late where a span ends there anyway."""

SHORT_SHARE = 0.25
"""A rest of up to this share of a chunk is not worth a keyframe of its own."""

SCENE_FRAMES_MIN = 24
"""A chunk may begin so soon after another where clips come or go: what differs between two variants
of a template mostly is a clip, and a chunk without it is then the same in both."""

HOLD_GOPS = 3
"""A hold of at least so many GOPs is encoded as one GOP and repeated."""


def plan(
    timeline: ResolvedTimeline,
    *,
    encoder: EncoderSettings | None = None,
    is_mute: bool = False,
    chunk_frames: int = CHUNK_FRAMES,
    can_copy: bool = True,
) -> Plan:
    """Plan an output: cut it into spans, group them into chunks.

    Law: what chunks cover is in order, touches, and covers `timeline.frames` once; spans are split
    only at a chunk's edge; every frame of a repeated chunk's cover is the same picture; a chunk
    that is copied has one span.
    """
    encoder = encoder or EncoderSettings()
    made = Copies(cut_spans(timeline), encoder)
    if encoder.wants_rasters:
        made = replace(made, spans=tuple(_painted(span) for span in made.spans))
    elif can_copy and encoder.codec == "h264" and encoder.scale_to is None:
        made = with_copies(timeline, made.spans, encoder)
    pieces = (
        piece
        for frames, part in _stretches(made.spans)
        for piece in _pieces(frames, part, chunk_frames, encoder.gop_frames)
    )
    chunks = tuple(
        Chunk(index, frames, tuple(_within(made.spans, frames)), repeat)
        for index, (frames, repeat) in enumerate(pieces)
    )
    return Plan(
        timeline=timeline,
        chunks=chunks,
        encoder=made.encoder,
        has_sound=bool(timeline.voices) and not is_mute,
        notes=made.notes,
    )


def _painted(span: Span) -> Span:
    """Return a span made in RGB: the other recipes blend and copy in YUV, without alpha."""
    return span if isinstance(span.recipe, Hold) else replace(span, recipe=Paint())


def _stretches(spans: tuple[Span, ...]) -> Iterator[tuple[FrameRange, tuple[Span, ...]]]:
    """Yield each copy, which is a chunk of its own, and what is encoded between copies."""
    part: list[Span] = []
    for span in (*spans, None):
        if part and (span is None or isinstance(span.recipe, Copy)):
            yield FrameRange(part[0].frames.start, part[-1].frames.stop), tuple(part)
            part = []
        if span is not None and isinstance(span.recipe, Copy):
            yield span.frames, (span,)
        elif span is not None:
            part.append(span)


def _pieces(
    frames: FrameRange, spans: tuple[Span, ...], chunk_frames: int, gop_frames: int
) -> Iterator[tuple[FrameRange, int]]:
    """Yield each chunk's frames and how often it is put out.

    A copy is one chunk; a long hold is one GOP, repeated; a neighbour too short for a chunk borrows
    from it.
    """
    if isinstance(spans[0].recipe, Copy):
        yield frames, 1
        return
    unit = max(MIN_FRAMES, gop_frames)
    start = frames.start
    for span in spans:
        if not isinstance(span.recipe, Hold) or len(span.frames) < HOLD_GOPS * unit:
            continue
        begin, end = span.frames.start, span.frames.stop
        if 0 < begin - start < MIN_FRAMES:
            begin = start + MIN_FRAMES
        if 0 < frames.stop - end < MIN_FRAMES:
            end = frames.stop - MIN_FRAMES
        if begin > start:
            yield from ((part, 1) for part in _edges(FrameRange(start, begin), spans, chunk_frames))
        count, rest = divmod(end - begin, unit)
        if 0 < rest < MIN_FRAMES:
            count, rest = count - 1, rest + unit
        yield FrameRange(begin, begin + unit), count
        if rest:
            yield FrameRange(end - rest, end), 1
        start = end
    if start < frames.stop:
        rest_of_it = FrameRange(start, frames.stop)
        yield from ((part, 1) for part in _edges(rest_of_it, spans, chunk_frames))


def _edges(frames: FrameRange, spans: tuple[Span, ...], chunk_frames: int) -> Iterator[FrameRange]:
    """Yield each scene's frames in equal shares."""
    for scene in _scenes(frames, spans, min(SCENE_FRAMES_MIN, max(MIN_FRAMES, chunk_frames // 4))):
        yield from _shares(scene, spans, chunk_frames)


def _scenes(frames: FrameRange, spans: tuple[Span, ...], least: int) -> Iterator[FrameRange]:
    """Cut where clips come or go, if that leaves at least so many frames on either side."""
    start = frames.start
    for span, following in pairwise(spans):
        edge = span.frames.stop
        has_room = start + least <= edge <= frames.stop - least
        if has_room and span.clips != following.clips:
            yield FrameRange(start, edge)
            start = edge
    yield FrameRange(start, frames.stop)


def _shares(frames: FrameRange, spans: tuple[Span, ...], chunk_frames: int) -> Iterator[FrameRange]:
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
