"""The output's frame: size and rate, from what an edit says (EDIT.md §8)."""

from vidgenie.core.edit.model import Output
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


def frame_size(output: Output) -> tuple[int, int]:
    """Return the output's width and height in pixels, both even (4:2:0 needs that)."""
    if output.size is not None:
        return _even(output.size.width), _even(output.size.height)
    name = output.resolution or "hd"
    if name == "480p":
        width, height = 854, 480
    else:
        preset = SAME_AS.get(name, name)
        width, height = WIDTHS[preset], HEIGHTS[preset]
    aspect = output.aspect_ratio or "16:9"
    if aspect == "9:16":
        width, height = height, width
    elif aspect != "16:9":
        across, down = ASPECTS[aspect]
        width = round(height * across / down)
    return _even(width), _even(height)


def frame_rate(output: Output) -> FrameRate:
    """Return the output's exact frame rate."""
    default = FPS_PREVIEW if output.resolution == "preview" else FPS
    return FrameRate.from_fps(round(output.fps or default, 3))  # 29.97002997 is 29.97, and exact


def _even(pixels: int) -> int:
    return max(2, pixels // 2 * 2)
