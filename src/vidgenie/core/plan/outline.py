"""The plan as plain values, for programs: what `explain` says in words."""

from typing import Any

from vidgenie.core.plan import cost
from vidgenie.core.plan.explain import naive_cost, span_cost
from vidgenie.core.plan.model import Chunk, Plan, Span


def outline(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON values; ranges are frames, half-open; costs encoded 1080p frames."""
    timeline = plan.timeline
    spans = [(span, chunk.repeat) for chunk in plan.chunks for span in chunk.spans]
    return {
        "format": plan.form.format,
        "width": plan.size.width,
        "height": plan.size.height,
        "fps": round(float(timeline.rate), 3),
        "frames": len(timeline.frames),
        "duration": round(len(timeline.frames) / float(timeline.rate), 6),
        "cost": round(sum(span_cost(plan, span) for span, _ in spans), 2),
        "naive_cost": round(sum(naive_cost(plan, span) * times for span, times in spans), 2),
        "voices": len(timeline.voices) if plan.has_sound else 0,
        "chunks": [_chunk(plan, chunk) for chunk in plan.chunks],
    }


def cpu_s(frames_cost: float) -> float:
    """Return about how long one core works for a cost, in seconds."""
    return round(frames_cost * cost.ENCODE_MS / 1000, 3)


def _chunk(plan: Plan, chunk: Chunk) -> dict[str, Any]:
    return {
        "index": chunk.index,
        "start": chunk.covers.start,
        "stop": chunk.covers.stop,
        "repeat": chunk.repeat,
        "cost": round(sum(span_cost(plan, span) for span in chunk.spans), 2),
        "spans": [_span(plan, span) for span in chunk.spans],
    }


def _span(plan: Plan, span: Span) -> dict[str, Any]:
    clips = [plan.timeline.clips[index] for index in span.clips]
    return {
        "start": span.frames.start,
        "stop": span.frames.stop,
        "recipe": span.recipe.kind,
        "clips": [clip.name for clip in clips],
    }
