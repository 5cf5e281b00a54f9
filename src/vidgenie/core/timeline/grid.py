"""The frame grid of an output, and where a clip's seconds fall on it."""

from dataclasses import dataclass

from vidgenie.core.geometry import Size
from vidgenie.core.timebase import FrameRange, FrameRate, SampleRange, exact_seconds
from vidgenie.core.timeline.timing import Times


@dataclass(frozen=True, slots=True)
class Grid:
    """The output's frame: its size, its rate, and the first frame after the end."""

    size: Size
    rate: FrameRate
    last: int

    def frames(self, when: Times) -> FrameRange:
        """Return a clip's frames: at least one, and none beyond the timeline's end."""
        stop_s = exact_seconds(when.start) + exact_seconds(when.length)
        start = self.rate.frame_at(when.start)
        stop = max(start + 1, self.rate.frame_at(stop_s))
        return FrameRange(min(start, self.last), min(stop, self.last))

    def samples(self, frames: FrameRange) -> SampleRange:
        """Return the sound samples of a range of frames."""
        return SampleRange(self.rate.sample_at(frames.start), self.rate.sample_at(frames.stop))
