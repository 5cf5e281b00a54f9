"""A Lottie document is read here, without drawing: a plain check that nothing of it is a trap.

    {"w", "h", "fr", "ip", "op", "layers": […], "assets": [pictures, compositions of layers]}

Frames are real numbers: frame `ip` is the first, `op` is where the last one ends. Its painter calls
itself for compositions, groups and parents, so what goes round or nests deep is refused.
Source: Lottie specification 1.0.1 (Lottie Animation Community), and bodymovin's exports.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from vidgenie.core.lottie.stills import stills_of

SIDE_MAX = 16_384
RATE_MAX = 1_000
SECONDS_MAX = 36_000
"""Pixels, frames a second and seconds: larger ones are mistakes, and the painter's numbers end."""

DEPTH_MAX = 100
"""Levels of lists and objects: an exported document nests thirty deep, its painter calls itself."""

LAYERS_MAX = 5_000
"""Layers drawn, compositions used again counted again: some seconds of painting."""

POINTS_MAX = 1_000
"""Copies of a repeater, and points of a star."""

Document = Mapping[str, Any]

_EMBEDDED = ("data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/webp")
_EFFECTS = frozenset(map(str, (0, 1, 2, 3, 4, 5, 6, 7, 10, 20, 21, 22, 23, 25, 29)))
"""Effects that are drawn (20 and up), and controls that only expressions ask (the others)."""


@dataclass(frozen=True, slots=True)
class LottieFacts:
    """What is known of a document. `stills` are ranges of frames in which nothing moves.

    Frames count from the document's first one; `rate` is how many a second has.
    """

    width: float
    height: float
    rate: float
    count: float
    stills: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """Seconds it plays."""
        return self.count / self.rate


def read_lottie(document: object) -> LottieFacts:
    """Return what a document says; raises ValueError with what is wrong with it."""
    if not isinstance(document, Mapping) or not isinstance(document.get("layers"), list):
        raise ValueError("the document is no Lottie animation: it has no `layers`")
    width, height = (_number(document, name, SIDE_MAX) for name in ("w", "h"))
    rate = _number(document, "fr", RATE_MAX)
    first, stop = (_plain(document, name) for name in ("ip", "op"))
    if not 0 < stop - first <= rate * SECONDS_MAX:
        raise ValueError(f"`op` is {stop:g} and `ip` is {first:g}; the animation has no frames")
    notes = dict.fromkeys(_notes(document))
    assets = _assets(document)
    _check_layers(document, assets)
    return LottieFacts(
        width=width,
        height=height,
        rate=rate,
        count=stop - first,
        stills=stills_of(document, assets, first, stop),
        notes=tuple(notes),
    )


def each_object(document: object) -> Iterator[Mapping[str, Any]]:
    """Yield every object in a document; raises ValueError where it nests too deep."""
    level: list[Any] = [document]
    depth = 0
    while level:
        depth += 1
        if depth > DEPTH_MAX:
            raise ValueError(f"the animation nests more than {DEPTH_MAX} deep")
        yield from (one for one in level if isinstance(one, Mapping))
        level = [
            value
            for one in level
            for value in (one.values() if isinstance(one, Mapping) else one)
            if isinstance(value, Mapping | list)
        ]


def layers_of(holder: Document) -> list[Mapping[str, Any]]:
    """Return the layers of a document or of a composition in it."""
    layers = holder.get("layers")
    return [one for one in layers if isinstance(one, Mapping)] if isinstance(layers, list) else []


def is_embedded(picture: Document) -> bool:
    """Tell whether a picture is in the document itself."""
    address = picture.get("p")
    return isinstance(address, str) and address.lower().startswith(_EMBEDDED)


def _number(document: Document, name: str, largest: float) -> float:
    value = _plain(document, name)
    if not 0 < value <= largest:
        raise ValueError(f"`{name}` is {value:g}; it must be above 0 and at most {largest:g}")
    return value


def _plain(document: Document, name: str) -> float:
    value = document.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"`{name}` of the animation is missing, or is no number")
    return float(value)


def _assets(document: Document) -> dict[str, Mapping[str, Any]]:
    found = document.get("assets")
    listed = found if isinstance(found, list) else []
    return {str(one["id"]): one for one in listed if isinstance(one, Mapping) and "id" in one}


def _check_layers(document: Document, assets: Mapping[str, Document]) -> None:
    """Raise ValueError where layers go round, are too many, or show a file that is not there."""
    drawn = _drawn(document, assets, {}, ())
    if drawn > LAYERS_MAX:
        raise ValueError(f"the animation draws more than {LAYERS_MAX} layers, repeats counted")


def _drawn(
    holder: Document, assets: Mapping[str, Document], known: dict[str, int], above: tuple[str, ...]
) -> int:
    """Return how many layers drawing a composition draws."""
    layers, held = layers_of(holder), holder.get("layers")
    is_whole = isinstance(held, list) and len(layers) == len(held)
    if not is_whole or not all(map(_is_placed, layers)):
        raise ValueError("the animation is damaged: a layer has no place")
    _check_parents(layers)
    total = len(layers)
    for layer in layers:
        name = str(layer.get("refId", ""))
        shown = assets.get(name)
        if shown is None:
            continue
        if "layers" not in shown:
            _check_picture(layer, shown)
            continue
        if name in above or len(above) > DEPTH_MAX:
            raise ValueError(f"the composition {name!r} of the animation shows itself")
        if name not in known:
            known[name] = min(LAYERS_MAX + 1, _drawn(shown, assets, known, (*above, name)))
        total += known[name]
    return total


def _is_placed(layer: Document) -> bool:
    return isinstance(layer.get("ks", {}), Mapping)


def _check_picture(layer: Document, picture: Document) -> None:
    if layer.get("ty") == 2 and not is_embedded(picture):
        name = str(picture.get("p", ""))[:60]
        raise ValueError(
            f"the picture {name!r} is a file beside the animation; export it with its pictures"
            " embedded (PNG, JPEG or WebP as data)"
        )


def _check_parents(layers: list[Mapping[str, Any]]) -> None:
    """Raise ValueError where a layer is its own parent's parent."""
    parents = {one.get("ind"): one.get("parent") for one in layers if _is_key(one.get("ind"))}
    for start in parents:
        at, steps = parents[start], 0
        while _is_key(at) and at in parents:
            at, steps = parents[at], steps + 1
            if steps > len(parents):
                raise ValueError(f"layer {start} of the animation is its own parent")


def _is_key(value: object) -> bool:
    return isinstance(value, int | float | str)


def _notes(document: Document) -> Iterator[str]:
    """Yield what of the animation is not drawn as its maker saw it; checks all objects' bounds."""
    for one in each_object(document):
        kind = one.get("ty")
        if isinstance(one.get("x"), str) and "k" in one:
            yield "its expressions are not run: what they move stands as it was exported"
        if isinstance(one.get("ef"), list):
            names = (each for each in one["ef"] if isinstance(each, Mapping))
            if any(str(each.get("ty")) not in _EFFECTS for each in names):
                yield "some of its effects are not drawn"
        if kind == 6 and "refId" in one:
            yield "its sound is not played"
        if one.get("ddd") == 1 and "ks" in one:
            yield "its layers in space are drawn flat"
        _check_count(one, "c" if kind == "rp" else "pt" if kind == "sr" else None)
        _check_lists(one)


def _check_count(one: Document, name: str | None) -> None:
    if name is None:
        return
    for value in _numbers(one.get(name)):
        if not abs(value) <= POINTS_MAX:
            raise ValueError(f"a shape of the animation has {value:g} points or copies")


def _check_lists(one: Document) -> None:
    """Raise ValueError for a list of numbers and other things, and for a path of unequal parts.

    The painter reads on where it expects a number, or a handle for each corner.
    """
    for value in one.values():
        if isinstance(value, list) and not _is_uniform(value):
            raise ValueError("the animation is damaged: a list has numbers, and what is none")
    is_mask = "mode" in one and "pt" in one
    path = one.get("ks") if one.get("ty") == "sh" else one.get("pt") if is_mask else None
    if not (_is_path(one) and (path is None or _has_path(path)) and _has_stops(one.get("g"))):
        raise ValueError("the animation is damaged: a path or a gradient lacks points")


def _is_uniform(values: list[Any]) -> bool:
    count = sum(_is_number(value) for value in values)
    return count in (0, len(values)) and None not in values


def _has_path(moving: object) -> bool:
    """Tell whether a path is there, or keyframes of one."""
    held = moving.get("k") if isinstance(moving, Mapping) else None
    if isinstance(held, list):
        keys = [each.get("s", each.get("e")) for each in held if isinstance(each, Mapping)]
        paths = [each[0] for each in keys if isinstance(each, list) and each]
        return len(keys) == len(held) and bool(paths) and all(map(_is_corners, paths))
    return _is_corners(held)


def _is_corners(path: object) -> bool:
    return isinstance(path, Mapping) and isinstance(path.get("v"), list)


def _is_path(one: Document) -> bool:
    """Tell whether an object with corners has the handles of each."""
    corners = one.get("v")
    return not isinstance(corners, list) or all(
        isinstance(part, list) and len(part) == len(corners) and all(map(_is_point, part))
        for part in (corners, one.get("i"), one.get("o"))
    )


def _is_point(point: object) -> bool:
    return isinstance(point, list) and len(point) > 1 and all(map(_is_number, point))


def _has_stops(gradient: object) -> bool:
    """Tell whether a gradient, if it is one, has as many colours as it says."""
    if not isinstance(gradient, Mapping) or "p" not in gradient:
        return True
    count, held = gradient["p"], gradient.get("k")
    stops = held.get("k") if isinstance(held, Mapping) else None
    if not _is_number(count) or not isinstance(stops, list) or not stops:
        return False
    return count >= 1 and (isinstance(stops[0], Mapping) or len(stops) >= 4 * count)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(value: object) -> Iterator[float]:
    """Yield every number in a value, however it is animated."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, int | float):
            yield one
