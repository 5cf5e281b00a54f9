"""Which layers of a picture can be seen at all."""

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.looks import GRADES, Mask
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
    """Tell whether a layer is an opaque picture to which only is done what planes can take."""
    return _is_opaque_picture(layer) and is_planar(layer) and not layer.matrix.is_flat


def can_copy(layer: Layer) -> bool:
    """Tell whether a layer is such a picture, or a blurred one, on the grid."""
    return _is_opaque_picture(layer) and is_planar(layer, may_blur=True) and is_on_grid(layer)


def is_planar(layer: Layer, *, may_blur: bool = False) -> bool:
    """Tell whether all that is done to a layer can be done to luma and chroma.

    Filters that keep colours within 0..1; wipes across upright layers; mattes of light by pictures.
    """
    looks = layer.looks
    if looks.chroma_key or looks.blend != "normal" or (looks.wipes and not layer.matrix.is_upright):
        return False
    if looks.filter == "blur":
        is_within = may_blur
    else:
        is_within = looks.filter is None or GRADES[looks.filter].is_within
    return is_within and all(_is_light(mask) for mask in looks.masks)


def _is_light(mask: Mask) -> bool:
    """Tell whether a mask is a picture's luma as it is."""
    looks = mask.layer.looks
    is_alone = not (looks.wipes or looks.masks)
    return mask.kind.startswith("luma") and is_alone and can_warp(mask.layer)


def _is_opaque_picture(layer: Layer) -> bool:
    return isinstance(layer.drawable, FrameOf | ImageContent) and layer.is_opaque


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
