"""What must be known before an edit can be resolved: its sources, and where each is named."""

from dataclasses import dataclass
from typing import Literal

from vidgenie.core.edit.model import AudioAsset, Edit, ImageAsset, VideoAsset
from vidgenie.core.edit.references import each_clip


@dataclass(frozen=True, slots=True)
class Need:
    """A source the edit names: `path` is the JSON Pointer of its first mention."""

    src: str
    path: str
    kind: Literal["video", "image", "audio"]


def needs(edit: Edit) -> tuple[Need, ...]:
    """Return every source of an edit once, in the order of their first mention."""
    found: dict[str, Need] = {}
    soundtrack = edit.timeline.soundtrack
    if soundtrack is not None:
        found[soundtrack.src] = Need(soundtrack.src, "/timeline/soundtrack/src", "audio")
    for track, index, clip in each_clip(edit.timeline):
        asset = clip.asset
        if isinstance(asset, VideoAsset | ImageAsset | AudioAsset):
            path = f"/timeline/tracks/{track}/clips/{index}/asset/src"
            found.setdefault(asset.src, Need(asset.src, path, asset.type))
    return tuple(found.values())
