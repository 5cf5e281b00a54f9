"""What must be known before an edit can be resolved: its sources, and where each is named."""

from dataclasses import dataclass
from typing import Literal

from vidgenie.core.edit.model import (
    AudioAsset,
    CaptionAsset,
    Edit,
    Font,
    ImageAsset,
    LottieAsset,
    LumaAsset,
    RichCaptionAsset,
    Soundtrack,
    VideoAsset,
)
from vidgenie.core.edit.names import named
from vidgenie.core.edit.walk import each_node


@dataclass(frozen=True, slots=True)
class Need:
    """A source the edit names: `path` is the JSON Pointer of its first mention."""

    src: str
    path: str
    kind: Literal["video", "image", "audio", "font", "captions", "lottie"]


def needs(edit: Edit) -> tuple[Need, ...]:
    """Return every source of an edit once, in the order of their first mention."""
    found: dict[str, Need] = {}
    for path, node in each_node(edit):
        match node:
            case VideoAsset() | ImageAsset() | AudioAsset():
                found.setdefault(node.src, Need(node.src, f"{path}/src", node.type))
            case LottieAsset() if node.src:
                found.setdefault(node.src, Need(node.src, f"{path}/src", "lottie"))
            case LumaAsset():
                found.setdefault(node.src, Need(node.src, f"{path}/src", "video"))
            case CaptionAsset() | RichCaptionAsset() if not node.words and named(node.src) is None:
                found.setdefault(node.src, Need(node.src, f"{path}/src", "captions"))
            case Font():
                found.setdefault(node.src, Need(node.src, f"{path}/src", "font"))
            case Soundtrack():
                found.setdefault(node.src, Need(node.src, f"{path}/src", "audio"))
    return tuple(found.values())
