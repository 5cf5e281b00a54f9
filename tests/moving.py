"""An edit of one clip, resolved without any file, and where its pictures lie: for exact numbers."""

from typing import Any

from documents import IMAGE, VIDEO, edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import FrameTimes, MediaFacts, VideoFacts
from vidgenie.core.timeline.model import Layer, ResolvedTimeline
from vidgenie.core.timeline.picture import picture_at
from vidgenie.core.timeline.resolve import resolve

FRAME = (1280, 720)
FPS = 25


def resolved(
    *clips: dict[str, Any], size: tuple[int, int] = FRAME, alpha: bool = False, **fields: Any
) -> ResolvedTimeline:
    """Resolve clips of a picture of one size, at 1280×720 and 25 frames a second."""
    still = VideoFacts(*size, FrameTimes(1, FrameRate(25)), "png", "rgb24", has_alpha=alpha)
    film = VideoFacts(*size, FrameTimes(100, FrameRate(25)), "h264", "yuv420p", has_alpha=alpha)
    facts = {
        IMAGE["src"]: MediaFacts("png_pipe", 0.0, still, is_image=True),
        VIDEO["src"]: MediaFacts("mov", 4.0, film),
    }
    return resolve(parse(edit(*clips, output={"fps": FPS}, **fields)), facts)


def layers(timeline: ResolvedTimeline, frame: int) -> dict[str, Layer]:
    """What stands on a frame, by the clips' places in the edit."""
    return {layer.clip: layer for layer in picture_at(timeline, frame).layers}


def eased(points: tuple[float, float, float, float], progress: float) -> float:
    """A cubic Bézier's y where its x is `progress`, found by halving."""
    if progress in (0, 1):
        return progress
    x1, y1, x2, y2 = points
    low, high = 0.0, 1.0
    for _ in range(60):
        t = (low + high) / 2
        x = 3 * (1 - t) ** 2 * t * x1 + 3 * (1 - t) * t**2 * x2 + t**3
        low, high = (low, t) if x > progress else (t, high)
    return 3 * (1 - low) ** 2 * low * y1 + 3 * (1 - low) * low**2 * y2 + low**3
