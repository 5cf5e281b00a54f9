"""From a `lottie` asset to an animation: which frame of its document is shown when.

second t of the clip  →  frame rate × speed × (trim + t) of the document (EDIT.md §7)
after its last frame  →  that one stands, or with `loop` it begins again at `trim`
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from vidgenie.core.geometry import Rect, Size
from vidgenie.core.lottie.document import LottieFacts, read_lottie
from vidgenie.core.lottie.stills import still_at
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.graphic import Graphic, Phase

if TYPE_CHECKING:
    from vidgenie.core.edit.model import Clip, LottieAsset
    from vidgenie.core.timeline.graphics.scene import Scene

LAST = 0.001
"""Frames before the end: what stands after it. The end itself is no frame any more."""

PLACES = 3
"""Of a frame's number: its painter tells no closer ones apart."""


@dataclass(frozen=True, slots=True)
class LottieContent(Graphic):
    """A document in its own size: named by `src`, or as the text `document`.

    `part` is shown of it; `start` is its first frame, `pace` how many pass in a second.
    """

    kind: ClassVar[str] = "lottie"

    box: Size
    part: Rect
    src: str
    document: str
    count: float
    start: float
    pace: float
    stills: tuple[tuple[float, float], ...] = ()
    is_loop: bool = False

    @property
    def comes_back(self) -> bool:
        """A loop does."""
        return self.is_loop

    @property
    def boundaries(self) -> tuple[float, ...]:
        """Where it begins and ceases to stand still; a loop's are not named, there are too many."""
        if self.is_loop or not self.pace:
            return ()
        edges = {edge for still in self.stills for edge in still} | {self.count}
        return tuple(sorted((edge - self.start) / self.pace for edge in edges))

    def phase_at(self, seconds: float) -> Phase:
        """Return the frame shown: where it stands still, the first one that looks the same."""
        frame = self.start + seconds * self.pace
        left = self.count - self.start
        if self.is_loop and left > 0:
            frame = self.start + round(seconds * self.pace, PLACES) % left
        frame = round(min(max(frame, 0.0), self.count - LAST), PLACES)
        return (still_at(self.stills, frame),)


def from_lottie(clip: "Clip", scene: "Scene") -> LottieContent:
    """Return a lottie asset's graphic; how it fits its box is told by who places it."""
    # Here: who paints the content, in a child, reads no document.
    from vidgenie.core.edit.model import LottieAsset

    asset = clip.asset
    assert isinstance(asset, LottieAsset), asset
    known = lottie_of(asset, scene.facts)
    assert known is not None, asset.src  # refused before: the source is no Lottie document
    box = Size(max(1, round(known.width)), max(1, round(known.height)))
    return LottieContent(
        box=box,
        part=Rect.of(box),
        src=asset.src,
        document="" if asset.data is None else text_of(asset.data),
        count=known.count,
        start=min(asset.trim * asset.speed * known.rate, known.count),
        pace=known.rate * asset.speed,
        stills=known.stills,
        is_loop=asset.loop,
    )


def lottie_of(asset: "LottieAsset", facts: Mapping[str, MediaFacts]) -> LottieFacts | None:
    """Return what is known of an asset's document; None where its source is no such document."""
    if asset.data is not None:
        return _read(text_of(asset.data))
    return facts[asset.src].lottie


def text_of(document: Mapping[str, Any]) -> str:
    """Return a document as JSON: equal documents give equal texts."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@lru_cache(maxsize=16)
def _read(text: str) -> LottieFacts:
    """Return what a document says, read once: times, warnings and graphics ask for it."""
    return read_lottie(json.loads(text))
