"""Time as frames and samples; the only place where seconds are rounded.

An output runs on one exact frame grid. Seconds (floats, as written in an edit) become frame
numbers here and nowhere else, half up, so that neighbours that touch in seconds touch in frames.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

SAMPLE_RATE_HZ = 48_000
"""Every mix runs at this rate: the native rate of AAC and Opus in video."""

EXACT_RATES = {
    23.976: Fraction(24000, 1001),
    29.97: Fraction(30000, 1001),
    59.94: Fraction(60000, 1001),
}
"""NTSC rates as users write them and as they are (SMPTE ST 170)."""


def exact_seconds(seconds: float) -> Fraction:
    """Return the decimal number the user wrote, exactly (0.1 is 1/10, not its binary shadow)."""
    return Fraction(repr(float(seconds)))


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames per second as an exact ratio."""

    num: int
    den: int = 1

    def __post_init__(self) -> None:
        assert min(self.num, self.den) > 0, self

    @classmethod
    def from_fps(cls, fps: float) -> "FrameRate":
        """Return the exact rate for what a user wrote: 29.97 means 30000/1001."""
        exact = EXACT_RATES.get(round(fps, 3)) or exact_seconds(fps)
        return cls(exact.numerator, exact.denominator)

    @property
    def fraction(self) -> Fraction:
        """Frames per second."""
        return Fraction(self.num, self.den)

    def frame_at(self, seconds: float | Fraction) -> int:
        """Return the frame number nearest to a time, halves upwards."""
        exact = seconds if isinstance(seconds, Fraction) else exact_seconds(seconds)
        return floor(exact * self.fraction + Fraction(1, 2))

    def seconds_at(self, frame: int) -> Fraction:
        """Return the exact time at which a frame begins."""
        return Fraction(frame * self.den, self.num)

    def sample_at(self, frame: int) -> int:
        """Return the sound sample at which a frame begins."""
        return round(self.seconds_at(frame) * SAMPLE_RATE_HZ)

    def __float__(self) -> float:
        return self.num / self.den

    def __str__(self) -> str:
        return f"{self.num}/{self.den}"


@dataclass(frozen=True, slots=True)
class FrameRange:
    """Frames `start` (included) to `stop` (excluded) of one frame grid."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        assert 0 <= self.start <= self.stop, self

    def __len__(self) -> int:
        return self.stop - self.start

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.stop

    def __bool__(self) -> bool:
        return self.stop > self.start

    def overlaps(self, other: "FrameRange") -> bool:
        """Tell whether both share at least one frame."""
        return self.start < other.stop and other.start < self.stop

    def clamped(self, other: "FrameRange") -> "FrameRange":
        """Return the part of this range that lies in `other` (empty at its edge if none does)."""
        start = min(max(self.start, other.start), other.stop)
        return FrameRange(start, max(start, min(self.stop, other.stop)))

    def shifted(self, frames: int) -> "FrameRange":
        """Return this range moved by `frames`."""
        return FrameRange(self.start + frames, self.stop + frames)

    def __str__(self) -> str:
        return f"[{self.start}, {self.stop})"


@dataclass(frozen=True, slots=True)
class SampleRange:
    """Sound samples `start` (included) to `stop` (excluded) at `SAMPLE_RATE_HZ`."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        assert 0 <= self.start <= self.stop, self

    def __len__(self) -> int:
        return self.stop - self.start

    def __str__(self) -> str:
        return f"[{self.start}, {self.stop})"
