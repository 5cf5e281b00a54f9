"""`output.quality`, in one table: what each step means to each codec and format.

One row's h264, h265, av1 and vp9 have about equal SSIM over three films, as `bench/ladder.py`
measured it (`docs/reference/outputs.md` has the figures). A constant quality, never a bit rate: a
still costs little.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vidgenie.core.edit.limits import Quality

VideoCodec = Literal["h264", "h265", "av1", "vp9", "prores", "ffv1"]
SoundCodec = Literal["aac", "opus", "mp3", "pcm"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of quality.

    Units: the codecs' own rate factors (less is better; ProRes: its quantiser), `jpg` and `webp`
    0..100 (more is better), `gif_colors` of one palette, the sound in kbit/s. `gif_dither` is
    paletteuse's: a grid stands still where the picture does, error diffusion is finer and larger;
    by `gif_slack` of 255 a pixel that stays as it is shown may be further off than a new one.
    """

    h264: int
    h265: int
    av1: int
    vp9: int
    prores: int
    jpg: int
    webp: int
    gif_colors: int
    gif_dither: str
    gif_slack: int
    aac: int
    opus: int
    mp3: int


GRID, DIFFUSED = "bayer:bayer_scale=4", "sierra2_4a"

QUALITY: Mapping[Quality, Step] = {
    "verylow": Step(30, 33, 57, 50, 24, 60, 40, 64, GRID, 8, 96, 64, 96),
    "low": Step(26, 27, 47, 43, 16, 75, 60, 128, GRID, 6, 128, 96, 128),
    "medium": Step(22, 20, 34, 32, 10, 85, 75, 256, GRID, 4, 192, 128, 192),
    "high": Step(19, 17, 22, 24, 6, 92, 85, 256, DIFFUSED, 3, 192, 160, 256),
    "veryhigh": Step(16, 14, 14, 17, 3, 96, 95, 256, DIFFUSED, 1, 256, 192, 320),
}

PRESETS: Mapping[VideoCodec, str] = {
    "h264": "veryfast",
    "h265": "superfast",
    "av1": "9",
    "vp9": "5",
    "prores": "",
    "ffv1": "",
}
"""How hard each encoder tries, at every step: slower ones cost a multiple for a few per cent."""


def rate_factor(codec: VideoCodec, quality: Quality) -> int:
    """Return what the encoder is told for a step; 0 for what loses nothing."""
    return 0 if codec == "ffv1" else int(getattr(QUALITY[quality], codec))


def sound_bit_rate(codec: SoundCodec, quality: Quality) -> int:
    """Return bits a second for a step; 0 for what is not compressed."""
    return 0 if codec == "pcm" else 1000 * int(getattr(QUALITY[quality], codec))
