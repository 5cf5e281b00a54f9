"""Which layers of a picture can be seen at all."""

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.model import Layer, Picture


def hides_all_below(layer: Layer, frame: Rect) -> bool:
    """Tell whether nothing under this layer shows: it is opaque and covers the frame."""
    return (
        layer.is_opaque
        and layer.opacity >= 1
        and not layer.looks.is_see_through
        and layer.matrix.is_upright
        and layer.bounds.covers(frame)
    )


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
