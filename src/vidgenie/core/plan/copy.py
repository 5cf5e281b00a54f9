"""Which frames need not be encoded: whole GOPs of a source that nothing is done to.

    clip     |------ A (trimmed) ------|
    GOPs   |----|----|----|----|----|----|     of A's file
    spans    |--|======= copy =====|---|       the partial GOPs at either end are encoded

A copied frame is the source's own, bit for bit. Where that cannot be had, or the parts could not
stand in one file, the span is encoded and a note says why.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from vidgenie.core.geometry import Affine, Rect, Size
from vidgenie.core.plan import cost
from vidgenie.core.plan.model import Copy, EncoderSettings, Hold, Note, Span
from vidgenie.core.plan.obstacles import obstacle
from vidgenie.core.plan.spans import boundaries, is_flat
from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.facts import ParameterFacts, VideoFacts
from vidgenie.core.timeline.looks import PLAIN
from vidgenie.core.timeline.model import FrameOf, Layer, ResolvedTimeline, VideoContent
from vidgenie.core.timeline.picture import layer_at

MIN_FRAMES = 2
"""Adjacent IDR frames must differ in `idr_pic_id` (H.264 §7.4.3): what is joined has two frames."""

CRF_MAX = 22
"""Above this a small file was asked for, and a source's packets are as large as they are."""

PARAMETER_IDS = range(32)


@dataclass(frozen=True, slots=True)
class Copies:
    """Spans in which whole GOPs are copied, what encodes the others, and what is to be said."""

    spans: tuple[Span, ...]
    encoder: EncoderSettings
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Run:
    """Frames of the output that show a source's frames, one by one, untouched.

    `edges` are the frames of the source between which GOPs are copied; none when there are none.
    """

    frames: FrameRange
    first: int
    asset: str
    video: VideoFacts
    edges: tuple[int, ...] = ()

    @property
    def parameters(self) -> ParameterFacts:
        """The source's parameter sets: without any there is an obstacle, and no run."""
        assert self.video.coded.sets is not None, self
        return self.video.coded.sets

    @property
    def copied(self) -> FrameRange:
        """Frames of the output that are copied."""
        if len(self.edges) < 2:
            return FrameRange(self.frames.start, self.frames.start)
        return FrameRange(self.edges[0], self.edges[-1]).shifted(self.frames.start - self.first)


def with_copies(
    timeline: ResolvedTimeline, spans: tuple[Span, ...], encoder: EncoderSettings
) -> Copies:
    """Copy what can be copied.

    Law: spans still cover the same frames; a `copy` span shows on every frame one layer, the
    source's next frame, untouched and at its place; no stretch between copies is a single frame.
    """
    notes: list[Note] = []
    runs: list[_Run] = []
    for run, reason in _runs(timeline, spans, encoder):
        if reason is None:
            runs.append(run)
        else:
            notes.append(Note(run.frames, f"not copied: {reason}"))
    chosen = _without_single_frames(timeline.frames, list(_fitting(runs, notes)))
    used = {number for run in chosen for number in run.parameters.ids}
    if chosen:
        free = next(number for number in PARAMETER_IDS if number not in used)
        encoder = replace(encoder, parameter_id=free)
    for run in chosen:
        notes.extend(_partial(run))
    return Copies(
        spans=tuple(piece for span in spans for piece in _cut(span, chosen)),
        encoder=encoder,
        notes=tuple(sorted(notes, key=lambda note: note.frames.start)),
    )


def _runs(
    timeline: ResolvedTimeline, spans: Sequence[Span], encoder: EncoderSettings
) -> Iterator[tuple[_Run, str | None]]:
    """Yield what looks as if it could be copied, and why it cannot be."""
    edges = boundaries(timeline)
    for span in spans:
        if len(span.clips) != 1 or isinstance(span.recipe, Hold):
            continue
        clip = timeline.clips[span.clips[0]]
        content = clip.content
        if not isinstance(content, VideoContent) or content.facts is None:
            continue
        for frames, layer in _untouched(timeline, span, edges):
            drawable = layer.drawable
            assert isinstance(drawable, FrameOf), layer
            run = _Run(frames, drawable.index, content.asset, content.facts)
            reason = obstacle(content.facts, timeline.size, timeline.rate)
            if reason is None and (content.speed != 1 or content.pass_s is not None):
                reason = "it is not shown at its own speed, once"
            if reason is None and layer != _whole(layer, timeline.size):
                reason = f"it is shown at {layer.bounds}, not as it is"
            if reason is None and encoder.crf > CRF_MAX:
                reason = f"the quality asks for a smaller file (CRF {encoder.crf} > {CRF_MAX})"
            if reason is None:
                run, reason = _with_edges(timeline, run, span.clips[0])
            yield run, reason


def _untouched(
    timeline: ResolvedTimeline, span: Span, edges: Sequence[int]
) -> Iterator[tuple[FrameRange, Layer]]:
    """Yield the parts of a span in which its only clip fills the frame and nothing is done to it.

    Between two edges nothing begins or ends: a clip whose curves are flat there does not move.
    """
    clip = timeline.clips[span.clips[0]]
    begin: tuple[int, Layer] | None = None
    inner = [edge for edge in edges if span.frames.start < edge < span.frames.stop]
    for start, stop in pairwise([span.frames.start, *inner, span.frames.stop]):
        frames = FrameRange(start, stop)
        layer = layer_at(timeline, clip, start)
        if layer is not None and not (
            is_flat(clip, timeline, frames) and _fills(layer, timeline.size)
        ):
            layer = None
        if begin is not None and (
            layer is None or replace(layer, drawable=begin[1].drawable) != begin[1]
        ):
            yield FrameRange(begin[0], start), begin[1]
            begin = None
        if layer is not None and begin is None:
            begin = start, layer
    if begin is not None:
        yield FrameRange(begin[0], span.frames.stop), begin[1]


def _fills(layer: Layer, size: Size) -> bool:
    return (
        layer.is_opaque
        and layer.opacity >= 1
        and layer.looks == PLAIN
        and layer.matrix.is_upright
        and layer.bounds.covers(Rect.of(size))
    )


def _whole(layer: Layer, size: Size) -> Layer:
    """Return the layer as it is when nothing is done to a source of this size.

    Made anew, so that whatever a layer will once have beside these, it has not.
    """
    return Layer(
        clip=layer.clip,
        drawable=layer.drawable,
        source=Rect.of(size),
        matrix=Affine(),
        opacity=1.0,
        is_opaque=True,
    )


def _with_edges(timeline: ResolvedTimeline, run: _Run, index: int) -> tuple[_Run, str | None]:
    """Return the run with the GOPs that lie in it as a whole."""
    clip = timeline.clips[index]
    edges = run.video.coded.edges(run.video.frames.count)
    stop = run.first + len(run.frames)
    low, high = bisect_left(edges, run.first), bisect_right(edges, stop)
    found = replace(run, edges=_without_single(edges[low:high]))
    if not found.copied:
        return run, _no_gop(run, FrameRange(run.first, stop))
    if not _is_worth_it(found):
        return run, (
            f"whole GOPs make only {len(found.copied)} frames; from {cost.COPY_FRAMES_MIN} on"
            " copying costs less"
        )
    last = layer_at(timeline, clip, found.copied.stop - 1)
    if last is None or last.drawable != FrameOf(run.asset, found.edges[-1] - 1):
        return run, "its frames are not shown one by one"
    return found, None


def _no_gop(run: _Run, wanted: FrameRange) -> str:
    coded = run.video.coded
    edges = coded.edges(run.video.frames.count)
    hidden = ", and an edit list hides others" if coded.has_hidden else ""
    near = [edge for edge in edges if edge <= wanted.start][-1:]
    near += [edge for edge in edges if edge > wanted.start][:1]
    return f"no whole GOP in {wanted}; keyframes at {', '.join(map(str, near)) or 'all'}{hidden}"


def _fitting(runs: Sequence[_Run], notes: list[Note]) -> Iterator[_Run]:
    """Yield the runs whose parameter sets can stand in one file, in order; note the others.

    Two sets of one number cannot. The sources that give most frames come first.
    """
    frames: dict[str, int] = {}
    first: dict[str, _Run] = {}
    for run in runs:
        kind = run.parameters.digest
        frames[kind] = frames.get(kind, 0) + len(run.copied)
        first.setdefault(kind, run)
    owner: dict[int, str] = {}
    for kind in sorted(first, key=lambda kind: -frames[kind]):
        ids = first[kind].parameters.ids
        is_free = not any(number in owner for number in ids)
        if is_free and len(owner) + len(ids) < len(PARAMETER_IDS):
            owner.update(dict.fromkeys(ids, kind))
    for run in runs:
        kind = run.parameters.digest
        if kind in owner.values():
            yield run
            continue
        number = next((number for number in run.parameters.ids if number in owner), None)
        other = first[owner[number]] if number is not None else runs[0]
        notes.append(
            Note(
                run.frames,
                f"not copied: its parameter sets are not those of {other.asset.rsplit('/', 1)[-1]}"
                f" under the same number ({number}), which gives"
                f" {frames[other.parameters.digest]} frames against {frames[kind]}",
            )
        )


def _without_single_frames(frames: FrameRange, runs: list[_Run]) -> list[_Run]:
    """Return the runs with a GOP less where one frame alone would be left beside it."""
    kept: list[_Run] = []
    for run in runs:
        edge = kept[-1].copied.stop if kept else frames.start
        is_beside_one = 0 < run.copied.start - edge < MIN_FRAMES
        smaller = replace(run, edges=run.edges[1:]) if is_beside_one else run
        if _is_worth_it(smaller):
            kept.append(smaller)
    if kept and 0 < frames.stop - kept[-1].copied.stop < MIN_FRAMES:
        run = kept.pop()
        smaller = replace(run, edges=_without_single(run.edges[:-1]))
        if _is_worth_it(smaller):
            kept.append(smaller)
    return kept


def _without_single(edges: tuple[int, ...]) -> tuple[int, ...]:
    """Return the edges without GOPs of one frame at the end."""
    high = len(edges)
    while high > 1 and edges[high - 1] - edges[high - 2] < MIN_FRAMES:
        high -= 1
    return edges[:high]


def _is_worth_it(run: _Run) -> bool:
    return len(run.copied) >= cost.COPY_FRAMES_MIN


def _cut(span: Span, runs: Sequence[_Run]) -> Iterator[Span]:
    """Yield a span's parts: what is copied of it, and what is not."""
    start = span.frames.start
    for run in runs:
        copied = run.copied
        if not copied or not copied.overlaps(span.frames):
            continue
        if copied.start > start:
            yield Span(FrameRange(start, copied.start), span.recipe, span.clips)
        source = FrameRange(run.edges[0], run.edges[-1])
        yield Span(copied, Copy(run.asset, source, len(run.edges) - 1), span.clips)
        start = copied.stop
    if start < span.frames.stop:
        yield Span(FrameRange(start, span.frames.stop), span.recipe, span.clips)


def _partial(run: _Run) -> Iterator[Note]:
    """Yield a note for each end of a run that cuts into a GOP."""
    edges = run.video.coded.edges(run.video.frames.count)
    ends = (
        (FrameRange(run.frames.start, run.copied.start), edges.index(run.edges[0]) - 1),
        (FrameRange(run.copied.stop, run.frames.stop), edges.index(run.edges[-1])),
    )
    for frames, number in ends:
        if frames and 0 <= number < len(edges) - 1:
            size = edges[number + 1] - edges[number]
            if len(frames) < size:
                yield Note(frames, f"partial GOP, {len(frames)} of {size}")
