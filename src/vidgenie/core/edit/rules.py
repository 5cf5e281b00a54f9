"""Rules of value that a schema does not state; each says how to mend what breaks it.

length_positive   the shortest clip is one frame
color_parses      a colour is #RRGGBB, #AARRGGBB, rgb(), hsl() or a name of CSS
tweens_fit        tweens of one property last, do not overlap, and keep its bounds
offset_in_frames  offsets in fractions are at most `OFFSET_MAX` frames
src_allowed       sources are https://, http:// or asset:// (local paths only on the command line)
callback_called   a callback is an http:// or https:// address
src_given         media has a source, captions have one or their own words
weight_known      a weight in words is one of CSS
wrap_is_rich      the box behind a plain text does not wrap; that of a rich text does
fps_known         the rates that outputs may have
frame_fits        a frame has a size, and at most `FRAME_AREA_MAX` pixels
crop_leaves       crops leave something of the source
compositions      timelines within timelines are at most `COMPOSITIONS_MAX` deep
words_in_time     a word of captions ends after it begins
whole_is_loud     only the whole sound is brought to a loudness, not that of a composition
artifacts         what the formats can hold: `artifacts.py`
metadata_small    metadata has at most `METADATA_MAX` characters
names             names exist, are unique, and name what can serve: `names.py`
references        times do not go round; nothing ends after `DURATION_MAX_S`: `references.py`
drawn             shapes have measures, SVG can be drawn, captions are clear: `drawn.py`
pending           what is not rendered yet: `pending.py`
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from vidgenie.core.color import FORMS, Color
from vidgenie.core.edit import limits
from vidgenie.core.edit.artifacts import check_artifacts
from vidgenie.core.edit.drawn import check_drawn
from vidgenie.core.edit.model import (
    WEIGHTS,
    AudioAsset,
    CaptionAsset,
    Clip,
    ClipCaption,
    CompositionAsset,
    Crop,
    Edit,
    ImageAsset,
    IsColor,
    IsSource,
    LottieAsset,
    Node,
    Output,
    RichCaptionAsset,
    RichTextAlignment,
    ShapeAsset,
    SvgAsset,
    TextAlignment,
    TextBackground,
    Timeline,
    Tween,
    VideoAsset,
    Word,
    weight_of,
)
from vidgenie.core.edit.names import check_captions
from vidgenie.core.edit.output import SOUNDS, Units, frame_rate, frame_size, has_size, units_of
from vidgenie.core.edit.pending import check_pending, may_pend
from vidgenie.core.edit.references import check_references
from vidgenie.core.edit.walk import each_node, marked
from vidgenie.core.edit.wording import one_of, quoted
from vidgenie.core.timebase import FrameRate
from vidgenie.errors import Problem

SCHEMES = ("https", "http", "asset")

TWEEN_BOUNDS = {
    "scale": (0.0, limits.SCALE_MAX),
    "opacity": (-limits.NUMBER_MAX, limits.NUMBER_MAX),
    "offset/x": (-limits.PIXELS_MAX, limits.PIXELS_MAX),
    "offset/y": (-limits.PIXELS_MAX, limits.PIXELS_MAX),
    "rotate": (-limits.TURN_MAX, limits.TURN_MAX),
    "transform/rotate/angle": (-limits.TURN_MAX, limits.TURN_MAX),
    "transform/skew/x": (-100.0, 100.0),
    "transform/skew/y": (-100.0, 100.0),
    "asset/volume": (0.0, 1.0),
}
"""Between what a tween may move a property: what its plain number may be; turns may be many."""

_FRAMES = (-limits.OFFSET_MAX, limits.OFFSET_MAX)
BOUNDS: dict[Units, Mapping[str, tuple[float, float]]] = {
    "px": TWEEN_BOUNDS,
    "fraction": TWEEN_BOUNDS | {"offset/x": _FRAMES, "offset/y": _FRAMES},
}
"""The same, by what offsets count."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


RULELESS = frozenset({Tween, TextAlignment, RichTextAlignment})
"""Objects that are right when their models are: the commonest ones, looked at no further."""


def check(edit: Edit, *, allow_local: bool) -> Iterator[Problem]:
    """Yield every rule an edit breaks."""
    if edit.callback:
        yield from _callback(edit.callback)
    if edit.metadata is not None:
        yield from _metadata(edit.metadata)
    rate = frame_rate(edit.output) if _is_known_rate(edit.output.fps) else FrameRate(25)
    units = {"/timeline": units_of(edit)}
    for path, node in each_node(edit):
        kind = type(node)
        if kind in RULELESS:
            continue
        # Asked of the class, once: most objects have nothing that these look at.
        if may_pend(kind):
            yield from check_pending(node, path)
        if kind in DRAWN:
            yield from check_drawn(node, path)
        if _has_texts(kind):
            yield from _texts(node, path, allow_local)
        match node:
            case Clip():
                bounds = BOUNDS[units[path.rpartition("/tracks/")[0]]]
                yield from _clip(node, path, rate, bounds)
            case VideoAsset() | ImageAsset() | AudioAsset():
                if not node.src and node.prompt is None:
                    yield Problem(f"{path}/src", "missing", "`src` is missing")
            case CaptionAsset() | RichCaptionAsset():
                if not node.src and node.words is None:
                    message = "`src` is missing; give the address of a caption file, or `words`"
                    yield Problem(f"{path}/src", "missing", message)
                yield from check_captions(node, path)
            case Word():
                if node.end < node.start:
                    message = f"the word ends at {node.end:g} s, before it begins"
                    yield Problem(f"{path}/end", "out_of_range", message)
            case LottieAsset():
                if bool(node.src) == (node.data is not None):
                    message = "a Lottie animation has its document in `src` or in `data`: one"
                    yield Problem(f"{path}/src", "missing", message)
            case Crop():
                yield from _crop(node, path)
            case TextBackground():
                if node.wrap:
                    message = '`wrap` works with the asset types "rich-text" and "rich-caption"'
                    yield Problem(f"{path}/wrap", "wrong_value", message)
            case Output():
                yield from _output(node)
                yield from check_artifacts(node)
            case CompositionAsset():
                outer = units[path.rpartition("/tracks/")[0]]
                units[f"{path}/timeline"] = node.timeline.units or outer
                yield from _depth(path)
            case Timeline():
                yield from check_references(node, path)
                yield from _loudness(node, path)


DRAWN = frozenset({ShapeAsset, SvgAsset, LottieAsset, ClipCaption})
"""Objects that `check_drawn` knows."""


@cache
def _has_texts(kind: type[Node]) -> bool:
    """Tell whether objects of a class have anything that `_texts` looks at."""
    has_weight = "weight" in kind.model_fields
    return has_weight or bool(marked(kind, IsColor)) or bool(marked(kind, IsSource))


def _texts(node: Node, path: str, allow_local: bool) -> Iterator[Problem]:
    """Yield the colours, sources and weights that are none."""
    for attribute, name in marked(type(node), IsColor):
        color = getattr(node, attribute)
        if color is not None:
            yield from _color(color, f"{path}/{name}")
    takes_alias = isinstance(node, CaptionAsset | RichCaptionAsset)
    for attribute, name in marked(type(node), IsSource):
        src = getattr(node, attribute)
        if src and not (takes_alias and src.startswith("alias://")):
            yield from _src(src, f"{path}/{name}", allow_local)
    weight = getattr(node, "weight", None) if "weight" in type(node).model_fields else None
    if isinstance(weight, str) and weight_of(weight, 0) == 0:
        message = f"`weight` is {quoted(weight)}; it must be 1 to 1000, or {one_of(WEIGHTS)}"
        yield Problem(f"{path}/weight", "unknown_value", message)


def _output(output: Output) -> Iterator[Problem]:
    if output.fps is not None and not _is_known_rate(output.fps):
        rates = ", ".join(f"{rate:g}" for rate in limits.FRAME_RATES)
        message = f"`fps` is {output.fps:g}; it must be one of {rates}"
        yield Problem("/output/fps", "unknown_value", message)
    if output.resolution is None and not has_size(output) and output.format not in SOUNDS:
        message = '`resolution` is missing; give one such as "hd" or "1080", or a `size`'
        yield Problem("/output/resolution", "missing", message)
    width, height = frame_size(output)
    if width * height > limits.FRAME_AREA_MAX:
        message = (
            f"a frame of {width}×{height} has {width * height} pixels;"
            f" at most {limits.FRAME_AREA_MAX} (3840×2160) are rendered"
        )
        yield Problem("/output/size", "out_of_range", message)


def _is_known_rate(fps: float | None) -> bool:
    return fps is None or round(fps, 3) in limits.FRAME_RATES


def _loudness(timeline: Timeline, path: str) -> Iterator[Problem]:
    """Yield that a composition asks for a loudness: it is one voice among others when it sounds."""
    is_wanted = timeline.audio is not None and timeline.audio.normalize is not None
    if is_wanted and path != "/timeline":
        message = (
            "`normalize` is for the whole sound: write it in the edit's own `timeline.audio`, and"
            " set the composition's `volume`"
        )
        yield Problem(f"{path}/audio/normalize", "wrong_value", message)


def _depth(path: str) -> Iterator[Problem]:
    """Yield that compositions are nested too deep, once, where it begins."""
    if path.count("/asset/timeline/") == limits.COMPOSITIONS_MAX:
        message = f"compositions are nested more than {limits.COMPOSITIONS_MAX} deep"
        yield Problem(f"{path}/timeline", "too_deep", message)


def _clip(
    clip: Clip, path: str, rate: FrameRate, bounds: Mapping[str, tuple[float, float]]
) -> Iterator[Problem]:
    if clip.length == 0:
        frame_s = float(rate.seconds_at(1))
        message = (
            f"`length` is 0; the shortest clip is one frame"
            f" ({frame_s:.2g} s at {float(rate):.5g} fps)"
        )
        yield Problem(f"{path}/length", "out_of_range", message)
    for name, value in moving_of(clip):
        if isinstance(value, tuple):
            yield from _tweens_in_time(value, f"{path}/{name}")
            yield from _tweens_in_bounds(value, f"{path}/{name}", bounds[name])
        elif name in ("offset/x", "offset/y") and abs(value) > bounds[name][1]:
            message = (
                f"`{name[-1]}` is {value:g}; an offset counts frames and is at most"
                f' {bounds[name][1]:g} (for pixels, say `"units": "px"` in `timeline`)'
            )
            yield Problem(f"{path}/{name}", "out_of_range", message)


def moving_of(clip: Clip) -> Iterator[tuple[str, float | tuple[Tween, ...]]]:
    """Yield the properties of a clip that are given and may move."""
    found: dict[str, float | tuple[Tween, ...] | None] = {
        "scale": clip.scale,
        "opacity": clip.opacity,
        "rotate": clip.rotate,
        "asset/volume": getattr(clip.asset, "volume", None),
    }
    if clip.offset is not None:
        found |= {"offset/x": clip.offset.x, "offset/y": clip.offset.y}
    if clip.transform is not None and clip.transform.rotate is not None:
        found["transform/rotate/angle"] = clip.transform.rotate.angle
    if clip.transform is not None and clip.transform.skew is not None:
        found["transform/skew/x"] = clip.transform.skew.x
        found["transform/skew/y"] = clip.transform.skew.y
    return ((name, value) for name, value in found.items() if value is not None)


def _tweens_in_time(tweens: Sequence[Tween], path: str) -> Iterator[Problem]:
    ordered = sorted(enumerate(tweens), key=lambda entry: entry[1].start or 0.0)
    before = 0.0
    for index, tween in ordered:
        start = tween.start or 0.0
        if not tween.length:
            found = "missing" if tween.length is None else "0"
            message = f"`length` of the tween is {found}; say how many seconds it takes"
            yield Problem(f"{path}/{index}/length", "out_of_range", message)
        stop = start + (tween.length or 0.0)
        if start < before - limits.TWEEN_OVERLAP_S:
            message = f"the tween starts at {start:g} s, while another runs until {before:g} s"
            yield Problem(f"{path}/{index}/start", "overlap", message)
        before = max(before, stop)


def _tweens_in_bounds(
    tweens: Sequence[Tween], path: str, bounds: tuple[float, float]
) -> Iterator[Problem]:
    low, high = bounds
    for index, tween in enumerate(tweens):
        for name, value in (("from", tween.from_), ("to", tween.to)):
            if value is not None and not low <= value <= high:
                message = f"`{name}` is {value:g}; it must be from {low:g} to {high:g}"
                yield Problem(f"{path}/{index}/{name}", "out_of_range", message)


def _crop(crop: Crop, path: str) -> Iterator[Problem]:
    for one, other in (("left", "right"), ("top", "bottom")):
        cut = (getattr(crop, one) or 0.0) + (getattr(crop, other) or 0.0)
        if cut >= 1:
            message = f"`{one}` and `{other}` cut {cut:g} of the source; they must leave something"
            yield Problem(path, "out_of_range", message)


def _src(src: str, path: str, allow_local: bool) -> Iterator[Problem]:
    scheme = src.partition("://")[0].lower() if "://" in src else ""
    if _CONTROL.search(src):
        message = f"`src` is {quoted(src)}; an address has no control characters"
    elif scheme in SCHEMES:
        if _has_host(src):
            return
        message = f"`src` is {quoted(src)}; that is no address: write https://host/path"
    elif scheme in ("", "file"):
        if allow_local:
            return
        message = (
            f"`src` is {quoted(src)}; it must begin with https://, http:// or asset:// (local"
            " files work with `vidgenie render` only; upload with asset.upload)"
        )
    else:
        message = f"`src` is {quoted(src)}; it must begin with https://, http:// or asset://"
    yield Problem(path, "wrong_value", message)


def _has_host(url: str) -> bool:
    """Tell whether an address names a host; some texts are not even addresses."""
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _callback(url: str) -> Iterator[Problem]:
    scheme = url.partition("://")[0].lower()
    if scheme not in ("http", "https") or _CONTROL.search(url) or not _has_host(url):
        message = f"`callback` is {quoted(url)}; it must be an http:// or https:// address"
        yield Problem("/callback", "wrong_value", message)


def _metadata(metadata: dict[str, Any]) -> Iterator[Problem]:
    size = len(json.dumps(metadata, ensure_ascii=False))
    if size > limits.METADATA_MAX:
        message = f"`metadata` has {size} characters; at most {limits.METADATA_MAX} are kept"
        yield Problem("/metadata", "too_long", message)


def _color(text: str, path: str) -> Iterator[Problem]:
    try:
        Color.parse(text)
    except ValueError:
        name = path.rpartition("/")[2]
        message = f"`{name}` is {quoted(text)}; write {FORMS}"
        yield Problem(path, "wrong_value", message)
