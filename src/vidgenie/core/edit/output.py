"""The output's frame: size and rate, from what an edit says (EDIT.md §8)."""

from typing import Any, Literal

from vidgenie.core.edit.model import Edit, Output, Rendition
from vidgenie.core.timebase import FrameRate

HEIGHTS = {"preview": 288, "mobile": 360, "sd": 576, "hd": 720, "1080": 1080, "4k": 2160}
"""Height of each preset at 16:9."""

WIDTHS = {"preview": 512, "mobile": 640, "sd": 1024, "hd": 1280, "1080": 1920, "4k": 3840}
"""Width of each preset at 16:9."""

SAME_AS = {"1080p": "1080", "720p": "hd", "2160p": "4k"}
"""Other names of presets."""

ASPECTS = {"1:1": (1, 1), "4:5": (4, 5), "4:3": (4, 3)}
"""Aspect ratios that keep the preset's height."""

FPS = 25.0
FPS_PREVIEW = 15.0
"""The rate of `preview` where none is given."""


Units = Literal["fraction", "px"]
"""What offsets count."""

SOUNDS = ("mp3", "wav")
IMAGES = ("jpg", "png", "bmp")
"""Formats without a picture."""

KEEP_ALPHA = ("webm", "mov", "gif", "webp", "png")
"""Formats in which what lies behind a see-through background stays see-through."""


def has_size(output: Output) -> bool:
    """Tell whether an output says both its width and its height."""
    width, height = _asked(output)
    return width is not None and height is not None


def frame_size(output: Output) -> tuple[int, int]:
    """Return the output's width and height in pixels, both even (4:2:0 needs that)."""
    asked_width, asked_height = _asked(output)
    width, height = _preset_size(output)
    return _even(asked_width or width), _even(asked_height or height)


def _asked(output: Output) -> tuple[int | None, int | None]:
    size = output.size
    width = size.width if size and size.width else output.width
    height = size.height if size and size.height else output.height
    return width, height


def _preset_size(output: Output) -> tuple[int, int]:
    name = output.resolution or "hd"
    if name == "480p":
        width, height = 854, 480
    else:
        preset = SAME_AS.get(name, name)
        width, height = WIDTHS[preset], HEIGHTS[preset]
    aspect = output.aspect_ratio or "16:9"
    if aspect == "9:16":
        return height, width
    if aspect != "16:9":
        across, down = ASPECTS[aspect]
        width = round(height * across / down)
    return width, height


def units_of(edit: Edit) -> Units:
    """Return what an edit's offsets count: frames, or pixels of the output.

    An output with `width` and `height` of its own is the dialect that counts pixels (EDIT.md).
    """
    if edit.timeline.units is not None:
        return edit.timeline.units
    is_sibling = edit.output.width is not None or edit.output.height is not None
    return "px" if is_sibling else "fraction"


GIF_FPS_MAX = 50
"""A GIF counts in hundredths of a second, and players slow down what is shown for only one."""


def frame_rate(output: Output) -> FrameRate:
    """Return the output's exact frame rate; a GIF of more than 50 a second shows every other."""
    default = FPS_PREVIEW if output.resolution == "preview" else FPS
    rate = FrameRate.from_fps(round(output.fps or default, 3))  # 29.97002997 is 29.97, and exact
    if output.format == "gif" and rate.fraction > GIF_FPS_MAX:
        return FrameRate(rate.num, rate.den * 2)
    return rate


def finished_size(output: Output) -> tuple[int, int]:
    """Return the size of the finished frame: `scaleTo`'s where it is given, in the frame's shape.

    The preset gives the height, for frames narrower than 4:5 the width, as it does in a layout.
    """
    width, height = frame_size(output)
    if output.scale_to is None:
        return width, height
    name = SAME_AS.get(output.scale_to, output.scale_to)
    side = 480 if name == "480p" else HEIGHTS[name]
    if width * 5 < height * 4:
        return _even(side), _even(round(side * height / width))
    return _even(round(side * width / height)), _even(side)


SHAPE_SLACK = 0.02
"""Shapes that differ by less are one: 854×480 is as good as 16:9."""


def rendition_output(output: Output, wanted: Rendition) -> Output:
    """Return what a rendition is as an output of its own; `wanted.size` scales it beside that.

    In the output's shape it has the output's layout, scaled; in another it is laid out anew.
    """
    form = wanted.format or output.format
    texts = output.subtitles
    changed: dict[str, Any] = {
        "format": form,
        "quality": wanted.quality or output.quality,
        "codec": output.codec if form == "mp4" else None,
        "mute": output.mute and form not in SOUNDS,
        "subtitles": None if texts is None else texts.model_copy(
            update={"embed": texts.embed and form in ("mp4", "mov"), "sidecar": ()}
        ),
        "renditions": (), "poster": None, "thumbnail": None, "destinations": (),
    }  # fmt: skip
    if wanted.resolution is not None:
        changed["scale_to"] = wanted.resolution
    width, height = frame_size(output)
    if abs(_shape(wanted, width / height) / (width / height) - 1) > SHAPE_SLACK:
        whole = wanted.size if wanted.size and wanted.size.width and wanted.size.height else None
        changed |= {"size": whole, "width": None, "height": None, "scale_to": None}
        changed["resolution"] = wanted.resolution or output.resolution
        changed["aspect_ratio"] = wanted.aspect_ratio
    return output.model_copy(update=changed)


def _shape(wanted: Rendition, usual: float) -> float:
    """Return width through height of what is asked for."""
    if wanted.size is not None and wanted.size.width and wanted.size.height:
        return wanted.size.width / wanted.size.height
    if wanted.aspect_ratio is None:
        return usual
    across, down = wanted.aspect_ratio.split(":")
    return int(across) / int(down)


def _even(pixels: int) -> int:
    return max(2, pixels // 2 * 2)
