"""`output.renditions`: further files of one timeline, each with a plan of its own.

A rendition in the output's shape is the output's frame, scaled; one in another shape is laid out
anew. Sources are fetched and probed once, and equal chunks and sounds are made once for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from vidgenie.core.edit.model import Edit, Output, Rendition
from vidgenie.core.edit.output import (
    finished_size,
    frame_rate,
    frame_size,
    rendition_output,
    units_of,
)
from vidgenie.core.geometry import Size
from vidgenie.core.plan.model import Plan
from vidgenie.core.plan.outputs import plan_output
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.model import ResolvedTimeline
from vidgenie.core.timeline.resolve import resolve


@dataclass(frozen=True, slots=True)
class Rendering:
    """One further file: its name, which tells it from the others, and how it is made."""

    name: str
    plan: Plan


def plan_renditions(
    edit: Edit, facts: Mapping[str, MediaFacts], timeline: ResolvedTimeline
) -> tuple[Rendering, ...]:
    """Plan all renditions of an edit, whose own output has this timeline."""
    return tuple(
        Rendering(wanted.name, _plan(edit, facts, timeline, wanted))
        for wanted in edit.output.renditions
    )


def _plan(
    edit: Edit, facts: Mapping[str, MediaFacts], timeline: ResolvedTimeline, wanted: Rendition
) -> Plan:
    output = rendition_output(edit.output, wanted)
    if frame_size(output) != frame_size(edit.output) or frame_rate(output) != timeline.rate:
        units = edit.timeline.model_copy(update={"units": units_of(edit)})
        timeline = resolve(edit.model_copy(update={"output": output, "timeline": units}), facts)
    return plan_output(output, timeline, size=_size(output, wanted))


def _size(output: Output, wanted: Rendition) -> Size:
    """Return the finished frame's size; where one side is asked for, the shape gives the other."""
    width, height = finished_size(output)
    asked = wanted.size
    if asked is None or (asked.width is None and asked.height is None):
        return Size(width, height)
    shape = Fraction(width, height)
    if asked.width is None:
        assert asked.height is not None
        return Size(_even(asked.height * shape), _even(asked.height))
    return Size(_even(asked.width), _even(asked.height or asked.width / shape))


def _even(pixels: int | Fraction) -> int:
    return max(2, round(pixels / 2) * 2)
