"""What a frame costs to make, in CPU milliseconds of one 1080p frame.

Measured on two shared 2026 cores (bench/recipes.py); only their ratios matter to the planner.
"""

from vidgenie.core.geometry import Rect, Size
from vidgenie.core.plan.model import Box, Copy, Hold, Mix, Paint, Recipe
from vidgenie.core.timeline.layers import can_copy, can_warp
from vidgenie.core.timeline.model import Layer

REFERENCE_AREA = 1920 * 1080

ENCODE_MS = 28.0
"""libx264 veryfast, moving pictures."""

ENCODE_STILL_MS = 6.0
"""The same frame once more: x264 finds nothing to code but still looks."""

DECODE_MS = 5.5
"""H.264, one frame."""

COPY_MS = 0.05
"""Copying one frame's packet: read once, written twice."""

COPY_FRAMES_MIN = 24
"""Fewer frames are not worth the chunk that a copy is, nor the one more that it leaves behind."""

PAINT_MS = 14.0
"""A whole frame through a BGRA surface and back to YUV, before any layer is drawn."""

SKIA_MS = 12.0
"""Drawing and converting one full-frame tile in Skia."""

BLEND_MS = 3.0
"""Blending one full-frame tile in YUV."""

WARP_MS = 5.5
"""Resampling a full-frame picture on its three planes."""

FADE_MS = 0.5
"""Laying a full-frame picture over another at one opacity."""

COVER_MS = 4.0
"""Laying a picture that does not cover its box: every pixel has a weight of its own."""

GRADE_MS = 1.0
"""Changing luma and chroma of a full-frame picture by tables."""

BLUR_MS = 3.7
"""Blurring the three planes of a full-frame picture."""


def layer_ms(layer: Layer, frame: Rect, *, is_placed_anew: bool, is_drawn_anew: bool) -> float:
    """Return the cost of one layer on one frame of a `box` or `mix` span."""
    bounds = layer.bounds
    width, height = min(bounds.width, frame.width), min(bounds.height, frame.height)
    share = width * height / REFERENCE_AREA
    if not is_placed_anew and can_copy(layer):
        return share * (filter_ms(layer) + laying_ms(layer))
    if not can_warp(layer):
        return share * (BLEND_MS + (SKIA_MS if is_drawn_anew else 0.0))
    has_edges = not (layer.matrix.is_upright and bounds.covers(frame))
    return share * (filter_ms(layer) + WARP_MS + (COVER_MS if has_edges else FADE_MS))


def laying_ms(layer: Layer) -> float:
    """Return the cost of laying a copied picture that fills the frame over others."""
    if layer.looks.is_see_through:
        return COVER_MS * (1 + len(layer.looks.masks))
    return 0.0 if layer.opacity >= 1 else FADE_MS


def filter_ms(layer: Layer) -> float:
    """Return the cost of filtering a picture that would fill the frame on its planes."""
    if layer.looks.filter is None:
        return 0.0
    return BLUR_MS if layer.looks.filter == "blur" else GRADE_MS


def paint_ms(size: Size, layers: int) -> float:
    """Return the cost of painting one whole frame of so many layers."""
    return size.area / REFERENCE_AREA * (PAINT_MS + layers * SKIA_MS / 2)


def span_ms(recipe: Recipe, frames: int, size: Size, *, painting: float, videos: int) -> float:
    """Return the cost of a span; `painting` is one frame's painting under its recipe."""
    share = size.area / REFERENCE_AREA
    match recipe:
        case Copy():
            return frames * COPY_MS
        case Hold():
            return painting + share * (ENCODE_MS + (frames - 1) * ENCODE_STILL_MS)
        case Box() | Mix() | Paint():
            return frames * (painting + share * (ENCODE_MS + videos * DECODE_MS))
