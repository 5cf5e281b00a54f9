"""Which layers of a picture can be seen at all."""

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.model import FrameOf, ImageContent, Layer, Picture


def hides_all_below(layer: Layer, frame: Rect) -> bool:
    """Tell whether nothing under this layer shows: it is opaque and covers the frame."""
    return (
        layer.is_opaque
        and layer.opacity >= 1
        and not layer.looks.is_see_through
        and layer.matrix.is_upright
        and layer.bounds.covers(frame)
    )


def can_warp(layer: Layer) -> bool:
    """Tell whether a layer is an opaque picture, at most filtered as planes can be."""
    is_picture = isinstance(layer.drawable, FrameOf | ImageContent)
    return is_picture and layer.is_opaque and layer.looks.is_planar and not layer.matrix.is_flat


def can_copy(layer: Layer) -> bool:
    """Tell whether a layer is an opaque picture on the grid, at most filtered or blurred."""
    is_picture = isinstance(layer.drawable, FrameOf | ImageContent)
    is_blurred = layer.looks.filter_alone and layer.looks.filter == "blur"
    is_planar = layer.looks.is_planar or is_blurred
    return is_picture and layer.is_opaque and is_planar and is_on_grid(layer)


def is_on_grid(layer: Layer) -> bool:
    """Tell whether a layer lies on whole even pixels, so that 4:2:0 planes can be copied."""
    bounds = layer.bounds
    edges = (bounds.left, bounds.top, bounds.right, bounds.bottom)
    return layer.matrix.is_upright and all(abs(edge / 2 - round(edge / 2)) < 1e-6 for edge in edges)


def visible(picture: Picture) -> tuple[Layer, ...]:
    """Return the layers that leave a mark: on the frame, and not under an opaque cover.

    Law: painting only these gives the same picture.
    """
    frame = Rect.of(picture.size)
    seen: list[Layer] = []
    for layer in reversed(picture.layers):
        if layer.bounds.overlaps(frame):
            seen.append(layer)
            if hides_all_below(layer, frame):
                break
    return tuple(reversed(seen))
