"""Rules of value that a schema does not state; each says how to mend what breaks it.

length_positive   the shortest clip is one frame
color_parses      a colour is #RRGGBB or #AARRGGBB; what lies below everything is opaque
tweens_fit        tweens of one property do not overlap, end with the clip, and keep its bounds
src_allowed       sources are https://, http:// or asset:// (local paths only on the command line)
fps_known         the rates that outputs may have
frame_fits        a frame has at most `FRAME_AREA_MAX` pixels
crop_leaves       crops leave something of the source
metadata_small    metadata has at most `METADATA_MAX` characters
references        names exist, are unique and do not go round; nothing ends after
                  `DURATION_MAX_S`: `references.py`
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from vidgenie.core.color import Color
from vidgenie.core.edit import limits
from vidgenie.core.edit.model import (
    AudioAsset,
    Clip,
    Crop,
    Edit,
    ImageAsset,
    Output,
    TextAsset,
    Tween,
    VideoAsset,
)
from vidgenie.core.edit.output import frame_rate, frame_size
from vidgenie.core.edit.references import check_references, each_clip
from vidgenie.core.edit.wording import quoted
from vidgenie.core.timebase import FrameRate
from vidgenie.errors import Problem

SCHEMES = ("https", "http", "asset")

TWEEN_BOUNDS = {
    "scale": (0.0, limits.SCALE_MAX),
    "opacity": (0.0, 1.0),
    "offset/x": (-limits.OFFSET_MAX, limits.OFFSET_MAX),
    "offset/y": (-limits.OFFSET_MAX, limits.OFFSET_MAX),
    "asset/volume": (0.0, 1.0),
}
"""Between what a tween may move a property: what its plain number may be."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check(edit: Edit, *, allow_local: bool) -> Iterator[Problem]:
    """Yield every rule an edit breaks."""
    timeline = edit.timeline
    yield from _output(edit.output)
    yield from _background(timeline.background)
    if timeline.soundtrack is not None:
        yield from _src(timeline.soundtrack.src, "/timeline/soundtrack/src", allow_local)
    if edit.callback is not None:
        yield from _callback(edit.callback)
    if edit.metadata is not None:
        yield from _metadata(edit.metadata)
    rate = frame_rate(edit.output) if _is_known_rate(edit.output.fps) else FrameRate(25)
    for track, index, clip in each_clip(timeline):
        path = f"/timeline/tracks/{track}/clips/{index}"
        yield from _clip(clip, path, rate)
        yield from _asset(clip, f"{path}/asset", allow_local)
    yield from check_references(timeline)


def _output(output: Output) -> Iterator[Problem]:
    if output.fps is not None and not _is_known_rate(output.fps):
        rates = ", ".join(f"{rate:g}" for rate in limits.FRAME_RATES)
        message = f"`fps` is {output.fps:g}; it must be one of {rates}"
        yield Problem("/output/fps", "unknown_value", message)
    if output.size is None and output.resolution is None:
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


def _background(text: str) -> Iterator[Problem]:
    path = "/timeline/background"
    problems = list(_color(text, path))
    yield from problems
    if not problems and not Color.parse(text).is_opaque:
        message = f"`background` is {quoted(text)}; nothing lies below it, so write #RRGGBB"
        yield Problem(path, "wrong_value", message)


def _clip(clip: Clip, path: str, rate: FrameRate) -> Iterator[Problem]:
    if clip.length == 0:
        frame_s = float(rate.seconds_at(1))
        message = (
            f"`length` is 0; the shortest clip is one frame"
            f" ({frame_s:.2g} s at {float(rate):.5g} fps)"
        )
        yield Problem(f"{path}/length", "out_of_range", message)
    offset = clip.offset
    moving = {
        "scale": clip.scale,
        "opacity": clip.opacity,
        "offset/x": offset.x if offset else None,
        "offset/y": offset.y if offset else None,
        "asset/volume": getattr(clip.asset, "volume", None),
    }
    for name, value in moving.items():
        if isinstance(value, tuple):
            yield from _tweens_in_time(value, f"{path}/{name}", clip.length)
            yield from _tweens_in_bounds(value, f"{path}/{name}", TWEEN_BOUNDS[name])


def _tweens_in_time(tweens: Sequence[Tween], path: str, length: float | str) -> Iterator[Problem]:
    ordered = sorted(enumerate(tweens), key=lambda entry: entry[1].start or 0.0)
    before = 0.0
    for index, tween in ordered:
        start = tween.start or 0.0
        if not tween.length:
            found = "missing" if tween.length is None else "0"
            message = f"`length` of the tween is {found}; say how many seconds it takes"
            yield Problem(f"{path}/{index}/length", "out_of_range", message)
        stop = start + (tween.length or 0.0)
        if start < before - 1e-9:
            message = f"the tween starts at {start:g} s, while another runs until {before:g} s"
            yield Problem(f"{path}/{index}/start", "overlap", message)
        if isinstance(length, float) and stop > length + 1e-6:
            message = f"the tween ends at {stop:g} s, but the clip is only {length:g} s long"
            yield Problem(f"{path}/{index}/length", "out_of_range", message)
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


def _asset(clip: Clip, path: str, allow_local: bool) -> Iterator[Problem]:
    asset = clip.asset
    match asset:
        case VideoAsset() | ImageAsset():
            yield from _src(asset.src, f"{path}/src", allow_local)
            if asset.crop is not None:
                yield from _crop(asset.crop, f"{path}/crop")
        case AudioAsset():
            yield from _src(asset.src, f"{path}/src", allow_local)
        case TextAsset():
            if asset.font.color is not None:
                yield from _color(asset.font.color, f"{path}/font/color")
            if asset.background is not None and asset.background.color is not None:
                yield from _color(asset.background.color, f"{path}/background/color")


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
        message = f"`{name}` is {quoted(text)}; write #RRGGBB or #AARRGGBB (alpha first)"
        yield Problem(path, "wrong_value", message)
