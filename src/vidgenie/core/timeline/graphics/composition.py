"""A timeline of its own as one graphic: at each phase, one picture of it.

clip         |----------------|
composition  [trim …………………… its end]  its last picture is held
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from vidgenie.core.color import Color
from vidgenie.core.geometry import Rect, Size
from vidgenie.core.timeline.graphic import Graphic, Phase
from vidgenie.core.timeline.model import Picture, PlacedClip, ResolvedTimeline
from vidgenie.core.timeline.picture import picture_at

CLEAR = Color(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class CompositionContent(Graphic):
    """A resolved timeline in a box; its clip begins at frame `first`, and `part` is shown of it."""

    kind: ClassVar[str] = "composition"

    box: Size
    part: Rect
    timeline: ResolvedTimeline
    first: int = 0

    def __hash__(self) -> int:
        """Return what is quickly told: a phase asks for it, and the whole is long."""
        return hash((self.box, self.part, self.first, self.timeline.frames))

    @property
    def boundaries(self) -> tuple[float, ...]:
        """Where one of its clips begins, ends, or changes its course."""
        rate = float(self.timeline.rate)
        return tuple(sorted({(edge - self.first) / rate for edge in self._edges()}))

    def _edges(self) -> Iterator[float]:
        rate = float(self.timeline.rate)
        for clip in _with_masks(self.timeline.clips):
            yield from (clip.frames.start, clip.frames.stop)
            for times in (clip.content.boundaries, *(c.boundaries for c in clip.motion.curves)):
                yield from (clip.frames.start + second * rate for second in times)

    @property
    def comes_back(self) -> bool:
        """Whether one of its clips does."""
        return any(clip.content.comes_back for clip in _with_masks(self.timeline.clips))

    def phase_at(self, seconds: float) -> Phase:
        """Return the first of its frames that look as this one does, as far as is known.

        A frame that equals the one before it has that one's phase, so pictures that stand still
        between two boundaries have one.
        """
        frames = self.timeline.frames
        frame = self.first + self.timeline.rate.frame_at(seconds)
        frame = min(max(frame, frames.start), frames.stop - 1)
        start, stop = self._interval(frame)
        probes = {start, (start + stop) // 2, stop - 1, frame}
        pictures = [picture_at(self.timeline, probe) for probe in probes]
        return (start if all(one == pictures[0] for one in pictures) else frame,)

    def _interval(self, frame: int) -> tuple[int, int]:
        """Return the frames between the boundaries around a frame."""
        frames = self.timeline.frames
        edges = sorted({round(edge) for edge in self._edges()} | {frames.start, frames.stop})
        start = max(edge for edge in edges if edge <= frame)
        return start, min(edge for edge in edges if edge > frame)

    def picture(self, phase: Phase) -> Picture:
        """Return the picture at a phase."""
        return picture_at(self.timeline, int(phase[0]))


def _with_masks(clips: Iterable[PlacedClip]) -> Iterator[PlacedClip]:
    for clip in clips:
        yield clip
        yield from _with_masks(masked.clip for masked in clip.masks)
