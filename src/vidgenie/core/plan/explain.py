"""The plan in words, like a database's EXPLAIN: for users, for support, for snapshot tests."""

from vidgenie.core.geometry import Rect
from vidgenie.core.plan import cost
from vidgenie.core.plan.model import Box, Copy, Mix, Plan, Span
from vidgenie.core.timeline.model import PlacedClip, VideoContent
from vidgenie.core.timeline.picture import layer_at


def explain(plan: Plan) -> str:
    """Return the plan as lines of text; costs are in encoded 1080p frames."""
    timeline = plan.timeline
    spans = [(span, chunk.repeat) for chunk in plan.chunks for span in chunk.spans]
    total = sum(span_cost(plan, span) for span, _ in spans)
    naive = sum(naive_cost(plan, span) * repeat for span, repeat in spans)
    lines = [
        f"plan  {len(timeline.frames)} frames @ {timeline.rate}  {timeline.size}"
        f"  {_count(len(spans), 'span')}  {_count(len(plan.chunks), 'chunk')}"
        f"  cost {total:.0f} (naive {naive:.0f})"
    ]
    for chunk in plan.chunks:
        times = f"  × {chunk.repeat}: encoded once" if chunk.repeat > 1 else ""
        lines.append(f"  chunk {chunk.index}{times}")
        for span in chunk.spans:
            lines.append(f"    {_span_line(plan, span)}")
            lines.extend(
                f"{'':>19}{note.text}" for note in plan.notes if note.frames.start in span.frames
            )
    return "\n".join([*lines, f"  sound  {_sound(plan)}"])


def _sound(plan: Plan) -> str:
    timeline = plan.timeline
    if not plan.has_sound:
        return "none"
    loudness = timeline.loudness_lufs
    made = "" if loudness is None else f", measured and made {loudness:g} LUFS loud"
    return f"{_count(len(timeline.voices), 'voice')} mixed once{made}"


def span_cost(plan: Plan, span: Span) -> float:
    """Return what a span costs, in encoded 1080p frames."""
    timeline = plan.timeline
    clips = [timeline.clips[index] for index in span.clips]
    videos = sum(isinstance(clip.content, VideoContent) for clip in clips)
    if isinstance(span.recipe, Box | Mix):
        moving = clips[span.recipe.static :]
        painting = sum(_layer_ms(plan, span, clip) for clip in moving)
    else:
        painting = cost.paint_ms(timeline.size, len(clips))
    spent = cost.span_ms(
        span.recipe, len(span.frames), timeline.size, painting=painting, videos=videos
    )
    return spent / cost.ENCODE_MS


def _layer_ms(plan: Plan, span: Span, clip: PlacedClip) -> float:
    frames = span.frames
    first, last = (layer_at(plan.timeline, clip, n) for n in (frames.start, frames.stop - 1))
    layer = first or last or layer_at(plan.timeline, clip, (frames.start + frames.stop) // 2)
    if layer is None:
        return 0.0
    is_placed_anew = (
        first is None
        or last is None
        or (first.matrix, first.opacity) != (last.matrix, last.opacity)
    )
    return cost.layer_ms(
        layer,
        Rect.of(plan.timeline.size),
        is_placed_anew=is_placed_anew,
        is_drawn_anew=first != last,
    )


def naive_cost(plan: Plan, span: Span) -> float:
    """Return what the span costs a renderer that paints and encodes every frame."""
    painting = cost.paint_ms(plan.timeline.size, len(span.clips))
    share = plan.timeline.size.area / cost.REFERENCE_AREA
    return len(span.frames) * (painting + share * cost.ENCODE_MS) / cost.ENCODE_MS


def _span_line(plan: Plan, span: Span) -> str:
    return f"{span}  {_what(plan, span)}".rstrip()


def _what(plan: Plan, span: Span) -> str:
    clips = [plan.timeline.clips[index] for index in span.clips]
    words = " + ".join(_clip_words(clip) for clip in clips) or "background"
    if isinstance(span.recipe, Copy):
        name = span.recipe.asset.rsplit("/", 1)[-1]
        gops = "whole GOP" if span.recipe.gops == 1 else "whole GOPs"
        return f"{words}  {span.recipe.gops} {gops} of {name} {span.recipe.source}"
    if isinstance(span.recipe, Box | Mix) and span.recipe.static:
        words += f"  ({span.recipe.static} painted once)"
    return words


def _clip_words(clip: PlacedClip) -> str:
    return f"{clip.content.kind} {clip.name}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
