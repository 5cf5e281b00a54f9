"""What the engine's tasks are told, from a plan: the same on a worker and on the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vidgenie.core.plan.model import Plan
from vidgenie.core.plan.outputs import Still
from vidgenie.core.plan.quality import QUALITY
from vidgenie.engine.source import Assets
from vidgenie.engine.still import StillSettings

SIDE_NAMES = {"poster": "-poster.jpg", "thumbnail": "-thumb.jpg"}
"""How the files beside an output are named: its own name without the ending, and this."""


def in_order(plan: Plan, files: Mapping[int, Path]) -> list[Path]:
    """Return the chunks' files as they follow each other; a repeated one stands there often."""
    return [files[chunk.index] for chunk in plan.chunks for _ in range(chunk.repeat)]


def finish_arguments(
    plan: Plan, files: Mapping[int, Path], sound: Path | None, target: Path
) -> tuple[Any, ...]:
    """Return what `finish` is told; `files` are the chunks' by their index."""
    grid = (plan.timeline.rate, len(plan.timeline.frames))
    return plan.form, in_order(plan, files), sound, target, grid


def image_arguments(plan: Plan, assets: Assets, target: Path) -> tuple[Any, ...]:
    """Return what `render_still` is told to make a plan's only frame."""
    form = plan.form
    assert form.format in ("jpg", "png", "bmp"), form
    settings = StillSettings(
        plan.size,
        form.format,
        QUALITY[form.quality].jpg,
        keep_alpha=form.format == "png" and plan.encoder.has_alpha,
    )
    return plan.timeline, plan.timeline.frames.start, assets, settings, target


def still_arguments(plan: Plan, still: Still, assets: Assets, target: Path) -> tuple[Any, ...]:
    """Return what `render_still` is told to make a poster or a thumbnail."""
    settings = StillSettings(still.size, "jpg", QUALITY[plan.form.quality].jpg)
    return plan.timeline, still.frame, assets, settings, target
