"""What a frame costs to make, in CPU milliseconds of one 1080p frame.

Measured on two shared 2026 cores (bench/recipes.py); only their ratios matter to the planner.
"""

from vidgenie.core.geometry import Rect, Size
from vidgenie.core.plan.model import Box, Hold, Paint, Recipe

REFERENCE_AREA = 1920 * 1080

ENCODE_MS = 28.0
"""libx264 veryfast, moving pictures."""

ENCODE_STILL_MS = 6.0
"""The same frame once more: x264 finds nothing to code but still looks."""

DECODE_MS = 5.5
"""H.264, one frame."""

PAINT_MS = 14.0
"""A whole frame through a BGRA surface and back to YUV, before any layer is drawn."""

SKIA_MS = 12.0
"""Drawing and converting one full-frame tile in Skia."""

BLEND_MS = 3.0
"""Blending one full-frame tile in YUV."""


def tile_ms(bounds: Rect, *, is_redrawn: bool) -> float:
    """Return the cost of one layer's tile on one frame of a `box` span."""
    share = bounds.width * bounds.height / REFERENCE_AREA
    return share * (BLEND_MS + (SKIA_MS if is_redrawn else 0.0))


def paint_ms(size: Size, layers: int) -> float:
    """Return the cost of painting one whole frame of so many layers."""
    return size.area / REFERENCE_AREA * (PAINT_MS + layers * SKIA_MS / 2)


def span_ms(recipe: Recipe, frames: int, size: Size, *, painting: float, videos: int) -> float:
    """Return the cost of a span; `painting` is one frame's painting under its recipe."""
    share = size.area / REFERENCE_AREA
    match recipe:
        case Hold():
            return painting + share * (ENCODE_MS + (frames - 1) * ENCODE_STILL_MS)
        case Box() | Paint():
            return frames * (painting + share * (ENCODE_MS + videos * DECODE_MS))
