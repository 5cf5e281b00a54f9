"""Rules of value and reference that a schema does not state; each says how to mend it.

length_positive   the shortest clip is one frame
alias_known       what `alias://x` names exists; names are unique; references do not go round
color_parses      a colour is #RRGGBB or #AARRGGBB
tweens_fit        tweens of one property do not overlap and end within the clip
src_allowed       sources are https://, http:// or asset:// (local paths only on the command line)
fps_known         the rates that outputs may have
frame_fits        a frame has at most `FRAME_AREA_MAX` pixels
duration_fits     the output is at most `DURATION_MAX_S` long
crop_leaves       crops leave something of the source
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from urllib.parse import urlsplit

from vidgenie.core.color import Color
from vidgenie.core.edit import limits
from vidgenie.core.edit.model import (
    AudioAsset,
    Clip,
    Crop,
    Edit,
    ImageAsset,
    TextAsset,
    Tween,
    VideoAsset,
)
from vidgenie.core.edit.output import frame_rate, frame_size
from vidgenie.errors import Problem

SCHEMES = ("https", "http", "asset")


def check(edit: Edit, *, allow_local: bool) -> Iterator[Problem]:
    """Yield every rule an edit breaks."""
    yield from _output(edit)
    frame_s = float(frame_rate(edit.output).seconds_at(1))
    if problem := _color(edit.timeline.background, "/timeline/background"):
        yield problem
    if edit.timeline.soundtrack is not None:
        yield from _src(edit.timeline.soundtrack.src, "/timeline/soundtrack/src", allow_local)
    if edit.callback is not None and urlsplit(edit.callback).scheme not in ("http", "https"):
        yield Problem("/callback", "wrong_value", "`callback` must be an http:// or https:// URL")
    for track_index, track in enumerate(edit.timeline.tracks):
        for clip_index, clip in enumerate(track.clips):
            path = f"/timeline/tracks/{track_index}/clips/{clip_index}"
            yield from _clip(clip, path, frame_s)
            yield from _asset(clip, f"{path}/asset", allow_local)
    yield from _references(edit)


def _output(edit: Edit) -> Iterator[Problem]:
    output = edit.output
    if output.fps is not None and not any(
        abs(output.fps - rate) < 1e-3 for rate in limits.FRAME_RATES
    ):
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


def _clip(clip: Clip, path: str, frame_s: float) -> Iterator[Problem]:
    if clip.length == 0:
        message = f"`length` is 0; the shortest clip is one frame ({frame_s:.3g} s here)"
        yield Problem(f"{path}/length", "out_of_range", message)
    if isinstance(clip.start, float) and isinstance(clip.length, float):
        end = clip.start + clip.length
        if end > limits.DURATION_MAX_S:
            message = (
                f"the clip ends at {end:g} s; an output is at most"
                f" {limits.DURATION_MAX_S} s (3 hours) long"
            )
            yield Problem(f"{path}/length", "out_of_range", message)
    length = clip.length if isinstance(clip.length, float) else None
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
            yield from _tweens(value, f"{path}/{name}", length)


def _tweens(tweens: Sequence[Tween], path: str, length: float | None) -> Iterator[Problem]:
    ordered = sorted(enumerate(tweens), key=lambda entry: entry[1].start or 0.0)
    before = 0.0
    for index, tween in ordered:
        start = tween.start or 0.0
        if not tween.length:
            message = "`length` of a tween is missing or 0; say how many seconds it takes"
            yield Problem(f"{path}/{index}/length", "out_of_range", message)
        stop = start + (tween.length or 0.0)
        if start < before - 1e-9:
            message = f"this tween starts at {start:g} s, while another runs until {before:g} s"
            yield Problem(f"{path}/{index}/start", "overlap", message)
        if length is not None and stop > length + 1e-6:
            message = f"this tween ends at {stop:g} s, but the clip is only {length:g} s long"
            yield Problem(f"{path}/{index}/length", "out_of_range", message)
        before = max(before, stop)


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
            background = asset.background.color if asset.background else None
            colors = {"font/color": asset.font.color, "background/color": background}
            for name, color in colors.items():
                if color is not None and (problem := _color(color, f"{path}/{name}")):
                    yield problem


def _crop(crop: Crop, path: str) -> Iterator[Problem]:
    for one, other in (("left", "right"), ("top", "bottom")):
        cut = (getattr(crop, one) or 0.0) + (getattr(crop, other) or 0.0)
        if cut >= 1:
            message = f"`{one}` and `{other}` cut {cut:g} of the source; they must leave something"
            yield Problem(path, "out_of_range", message)


def _src(src: str, path: str, allow_local: bool) -> Iterator[Problem]:
    scheme = urlsplit(src).scheme.lower() if "://" in src else ""
    if scheme in SCHEMES or (allow_local and scheme in ("", "file")):
        return
    message = f"`src` is {src[:200]!r}; it must begin with https://, http:// or asset://"
    if not scheme or scheme == "file":
        message += " (local files work with `vidgenie render` only; upload with asset.upload)"
    yield Problem(path, "wrong_value", message)


def _color(text: str, path: str) -> Problem | None:
    try:
        Color.parse(text)
    except ValueError as error:
        return Problem(path, "wrong_value", f"{error}")
    return None


def _references(edit: Edit) -> Iterator[Problem]:
    """Aliases are unique, and everything named exists."""
    seen: dict[str, str] = {}
    named: list[tuple[str, str]] = []
    for track_index, track in enumerate(edit.timeline.tracks):
        for clip_index, clip in enumerate(track.clips):
            path = f"/timeline/tracks/{track_index}/clips/{clip_index}"
            if clip.alias is not None:
                if clip.alias in seen:
                    message = f"the alias {clip.alias!r} is taken by {seen[clip.alias]}"
                    yield Problem(f"{path}/alias", "duplicate", message)
                seen.setdefault(clip.alias, path)
            for name, value in (("start", clip.start), ("length", clip.length)):
                if isinstance(value, str) and value.startswith("alias://"):
                    named.append((f"{path}/{name}", value.removeprefix("alias://")))
    for path, alias in named:
        if alias not in seen:
            near = get_close_matches(alias, seen, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "give that clip an `alias`"
            yield Problem(path, "unknown_alias", f"no clip has the alias {alias!r}; {hint}")
