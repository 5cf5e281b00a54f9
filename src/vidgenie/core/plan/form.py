"""The form of a finished file: which kind its format is, and how its sound is encoded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vidgenie.core.edit.limits import Format, Quality
from vidgenie.core.plan.quality import SoundCodec, VideoCodec, sound_bit_rate
from vidgenie.core.plan.subtitles import Subtitles

Kind = Literal["video", "animation", "image", "sound"]

KINDS: Mapping[Format, Kind] = {
    "mp4": "video",
    "webm": "video",
    "mov": "video",
    "gif": "animation",
    "webp": "animation",
    "mp3": "sound",
    "wav": "sound",
    "jpg": "image",
    "png": "image",
    "bmp": "image",
}

VIDEO_CODECS: Mapping[Format, VideoCodec] = {"mp4": "h264", "webm": "vp9", "mov": "prores"}
"""What is meant where `output.codec` does not say."""

SOUND_CODECS: Mapping[Format, SoundCodec] = {
    "mp4": "aac",
    "webm": "opus",
    "mov": "pcm",
    "mp3": "mp3",
    "wav": "pcm",
}


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """What the sound's encoder is told: always 48 kHz, stereo."""

    codec: SoundCodec = "aac"
    bit_rate: int = 192_000


@dataclass(frozen=True, slots=True)
class Form:
    """What the finished file is. `repeat`: an animation begins anew when it has ended."""

    format: Format = "mp4"
    quality: Quality = "medium"
    repeat: bool = True
    subtitles: Subtitles | None = None

    @property
    def kind(self) -> Kind:
        """Moving pictures with sound, moving pictures alone, one picture, or sound alone."""
        return KINDS[self.format]

    @property
    def sound(self) -> SoundSettings | None:
        """How its sound is encoded; None where it has none."""
        codec = SOUND_CODECS.get(self.format)
        if codec is None:
            return None
        return SoundSettings(codec, sound_bit_rate(codec, self.quality))
