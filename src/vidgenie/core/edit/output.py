"""The output's frame: size and rate, from what an edit says (EDIT.md §8)."""

from typing import Literal

from vidgenie.core.edit.model import Edit, Output
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
"""Formats without a picture."""


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


def frame_rate(output: Output) -> FrameRate:
    """Return the output's exact frame rate."""
    default = FPS_PREVIEW if output.resolution == "preview" else FPS
    return FrameRate.from_fps(round(output.fps or default, 3))  # 29.97002997 is 29.97, and exact


def _even(pixels: int) -> int:
    return max(2, pixels // 2 * 2)
