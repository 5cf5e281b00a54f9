"""Assets that are files: video, image, sound and luma, and those that a provider makes."""

from typing import Annotated, Literal

from pydantic import Field

from vidgenie.core.edit import limits
from vidgenie.core.edit.model.values import (
    WHOLE,
    WORD,
    AliasSrc,
    BoxSide,
    ColorText,
    Crop,
    Flag,
    FreeForm,
    MovingShare,
    Name,
    Node,
    Number,
    Pixels,
    Prompt,
    Seconds,
    Side,
    SoundEffect,
    Speed,
    Src,
    not_given,
)


class ChromaKey(Node):
    """A colour that becomes transparent; distances to it are 0 to 250."""

    color: ColorText
    threshold: Annotated[int, Field(ge=0, le=250), WHOLE] | None = None
    halo: Annotated[int, Field(ge=0, le=250), WHOLE] | None = None


class Generated(Node):
    """What a provider of generated media is told.

    Newer edits have it in `options`; those of 2026 before that, on the asset itself.
    """

    prompt: Prompt | None = None
    model: Name | None = None
    options: FreeForm | None = None
    resolution: Name | None = None
    duration: Number | None = None
    aspect_ratio: Name | None = None
    generate_audio: Flag | None = None
    input_src: Name | None = None
    voice: Name | None = None
    language: Name | None = None
    newscaster: Flag | None = None
    music_length_ms: Number | None = None
    force_instrumental: Flag | None = None
    composition_plan: FreeForm | None = None


class VideoAsset(Generated):
    """A video; `trim` seconds of it are left out at its beginning."""

    type: Literal["video"]
    src: Src = not_given()
    trim: Seconds = 0.0
    volume: MovingShare | None = None
    volume_effect: SoundEffect | None = None
    speed: Speed = 1.0
    loop: Flag = False
    crop: Crop | None = None
    chroma_key: ChromaKey | None = None
    transcode: Flag = Field(
        False, description="Without effect: every source is read frame by frame, whatever it is."
    )


class ImageAsset(Generated):
    """A still image."""

    type: Literal["image"]
    src: Src = not_given()
    crop: Crop | None = None


class AudioAsset(Generated):
    """A sound."""

    type: Literal["audio"]
    src: Src = not_given()
    trim: Seconds = 0.0
    volume: MovingShare | None = None
    speed: Speed = 1.0
    loop: Flag = False
    effect: SoundEffect | None = None


class LumaAsset(Node):
    """A grey picture that masks the other clips of its track: where it is white, they are not."""

    type: Literal["luma"]
    src: Src
    trim: Seconds = 0.0


class AudiogramAsset(Node):
    """The waveform of what another clip sounds like."""

    type: Literal["audiogram"]
    src: AliasSrc
    style: Literal["bars", "mirror", "line"] = "bars"
    color: ColorText = "#ffffff"
    background: ColorText | None = None
    width: BoxSide | None = None
    height: BoxSide | None = None
    bar_width: Pixels | None = None
    bar_gap: Pixels | None = None


class TextToImageAsset(Node):
    """An image that a provider makes of a prompt."""

    type: Literal["text-to-image"]
    prompt: Prompt
    width: Side | None = None
    height: Side | None = None
    crop: Crop | None = None


class ImageToVideoAsset(Node):
    """A video that a provider makes of an image."""

    type: Literal["image-to-video"]
    src: Src
    prompt: Prompt | None = None
    aspect_ratio: Literal["1:1", "4:3", "16:9", "9:16", "3:4", "21:9", "9:21"] | None = None
    speed: Speed = 1.0
    crop: Crop | None = None


class TextToSpeechAsset(Node):
    """Speech that a provider makes of a text."""

    type: Literal["text-to-speech"]
    text: Annotated[str, Field(max_length=limits.TEXT_MAX), WORD]
    voice: Name
    language: Name | None = None
    newscaster: Flag = False
    trim: Seconds = 0.0
    volume: MovingShare | None = None
    speed: Speed = 1.0
    effect: SoundEffect | None = None
