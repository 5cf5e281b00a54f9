"""What is made of a timeline: its format, its size, and the files beside it."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from vidgenie.core.edit import limits
from vidgenie.core.edit.limits import Format, Quality
from vidgenie.core.edit.model.values import (
    NUMBER,
    WORD,
    Flag,
    FreeForm,
    Name,
    Node,
    Seconds,
    Share,
    Side,
)

AspectRatio = Literal["16:9", "9:16", "1:1", "4:5", "4:3"]
Resolution = Annotated[
    Literal["preview", "mobile", "sd", "hd", "1080", "4k", "480p", "720p", "1080p", "2160p"],
    WORD,
]


class Size(Node):
    """Pixels; rounded down to even numbers."""

    width: Side | None = None
    height: Side | None = None


class Range(Node):
    """The window of the timeline that is put out, in seconds."""

    start: Seconds | None = None
    length: Seconds | None = None


class Poster(Node):
    """A picture of one instant, as large as the frame."""

    capture: Seconds


class Thumbnail(Node):
    """A picture of one instant, at a share of the frame's size."""

    capture: Seconds
    scale: Share


class Destination(Node):
    """Where a copy of the files goes; its keys are the account's, never the edit's."""

    model_config = ConfigDict(extra="allow")

    id: Name | None = Field(None, description="One of the account's, of destination.create.")
    provider: Name | None = Field(
        None, description="`s3`: the account's of this bucket; `shotstack`: here."
    )
    exclude: Flag | None = None
    options: FreeForm | None = None


class Rendition(Node):
    """A further output of the same render."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=limits.NAME_MAX), WORD]
    resolution: Resolution | None = None
    size: Size | None = None
    aspect_ratio: AspectRatio | None = None
    format: Format | None = None
    quality: Quality | None = None


class Subtitles(Node):
    """Captions as text: in the file, where a player shows them, and in files beside it."""

    embed: Flag = False
    sidecar: Annotated[tuple[Literal["srt", "vtt"], ...], Field(max_length=2)] = ()


class Output(Node):
    """What is made of the timeline."""

    format: Format
    resolution: Resolution | None = None
    aspect_ratio: AspectRatio | None = None
    size: Size | None = None
    width: Side | None = Field(None, description="Instead of `size`; offsets are then pixels.")
    height: Side | None = None
    fps: Annotated[float, Field(gt=0, le=1000), NUMBER] | None = None
    scale_to: Resolution | None = None
    quality: Quality | None = None
    codec: Literal["h264", "h265", "av1"] | None = None
    repeat: Flag = True
    mute: Flag = False
    range: Range | None = None
    poster: Poster | None = None
    thumbnail: Thumbnail | None = None
    destinations: Annotated[tuple[Destination, ...], Field(max_length=limits.DESTINATIONS_MAX)] = ()
    renditions: Annotated[tuple[Rendition, ...], Field(max_length=limits.RENDITIONS_MAX)] = ()
    hls: Flag = False
    subtitles: Subtitles | None = None


class MergeField(Node):
    """The value of one placeholder, `{{find}}`."""

    find: str
    replace: Any
