"""Sound faster or slower at its own pitch, every onset near its true place.

    source   ──┤ one ├─────┤ next ├──      pieces of two HOPs, one HOP × speed apart
                 ↓            ↓
    output   ──┤ one ├                     laid one HOP apart, each cross-faded into the next
                  ├ next ├──

Each piece is taken where it goes on best from the last one (a waveform-similarity overlap-add,
after Verhelst and Roelands, 1993), but no farther than NEAR from its true place. Only a bass, which
needs more to find its wave again, is looked for up to FAR: there an onset is soft, and a wave out
of step would become another note.
"""

from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vidgenie.core.timebase import SAMPLE_RATE_HZ
from vidgenie.engine.audio.layout import Samples

HOP = SAMPLE_RATE_HZ // 100
"""Samples from piece to piece: 10 ms, the length of each cross-fade."""

NEAR = SAMPLE_RATE_HZ // 250
"""How far a piece may be moved: 4 ms each way, one wave of 125 Hz."""

FAR = SAMPLE_RATE_HZ // 80
"""How far where bass is most of it: 12.5 ms each way, one wave of 40 Hz."""

TRANSFORM = 2048
BASS = 7
"""A sound is bass where most of it is in the lowest bins of such a transform: below 152 Hz."""

ALIKE = 0.9
"""How like the last one (1: the same wave) a far piece must be, not to lose an onset for it."""

NEARER = 0.01
"""What a piece at NEAR must be more alike than one in its true place, to be preferred."""

LEAD = HOP + FAR
"""Samples of its source that a stage looks at before its own first one."""

STEP_MAX = 2
"""One stage goes at most so much faster: beyond, its pieces leave sound out."""

FED = 4096
"""Samples read at once."""

SILENT = 1e-10
"""Below this energy nothing is alike: in silence a piece stays in its place."""

RISE = (np.sin(np.pi / 2 * (np.arange(HOP) + 0.5) / HOP) ** 2).astype(np.float32)

APART, TOGETHER = RISE**2 + (1 - RISE) ** 2, 2 * RISE * (1 - RISE)
"""The power of a cross-fade of waves that have nothing in common, and what is added if they do."""

PENALTY = NEARER * np.abs(np.arange(-NEAR, NEAR + 1)) / NEAR


class Reads(Protocol):
    """Sound in order, for ever."""

    def read(self, count: int) -> Samples:
        """Return the next samples. Shapes: (2, count)."""

    def close(self) -> None:
        """Let go of what is open. May be called again."""


def tempos(speed: Fraction) -> tuple[Fraction, ...]:
    """Return the speeds of the stages that make up a speed above 0; none for 1."""
    left, found = speed, []
    while left > STEP_MAX:
        found.append(Fraction(STEP_MAX))
        left /= STEP_MAX
    return (*found, left) if left != 1 else tuple(found)


def lead_s(speed: Fraction) -> Fraction:
    """Return how many source seconds before the wanted one reading must begin."""
    samples, passed = Fraction(0), Fraction(1)
    for tempo in tempos(speed):
        samples += LEAD * passed
        passed *= tempo
    return samples / SAMPLE_RATE_HZ


class Stretched:
    """Another sound at a speed; `source` begins `lead_s` early, and is closed with it."""

    def __init__(self, source: Reads, speed: Fraction) -> None:
        """Take the sound and its speed, which is above 0."""
        self._source = source
        self._last = source
        for tempo in tempos(speed):
            self._last = _Stage(self._last, tempo)

    def close(self) -> None:
        """Let go of the source. May be called again."""
        self._source.close()

    def read(self, count: int) -> Samples:
        """Return the next `count` samples. Shapes: (2, count) float32. Raises: DecodeError."""
        return self._last.read(count)


class _Stage:
    """One overlap-add. Places count in samples of its source; 0 is `LEAD` after what is read."""

    def __init__(self, source: Reads, speed: Fraction) -> None:
        self._source = source
        self._speed = speed
        self._held: Samples = np.zeros((2, 0), np.float32)
        self._first = -LEAD  # the place of the first sample held
        self._piece = 0
        self._place = -HOP  # where the last piece begins; its middle is its true place
        self._left: Samples = np.zeros((2, 0), np.float32)

    def close(self) -> None:
        self._source.close()

    def read(self, count: int) -> Samples:
        parts, ready = [self._left], self._left.shape[1]
        while ready < count:
            parts.append(self._next())
            ready += HOP
        made = np.concatenate(parts, axis=1)
        self._left = made[:, count:]
        return made[:, :count]

    def _next(self) -> Samples:
        """Return a HOP of sound: the last piece's second half into the next one's first."""
        self._piece += 1
        true = round(self._piece * HOP * self._speed) - HOP
        self._hold(true - FAR, max(true + FAR + HOP, self._place + 2 * HOP))
        going = self._between(self._place + HOP, HOP)
        around = self._between(true - FAR, 2 * FAR + HOP)
        away, likeness = _best(going.sum(axis=0), around.sum(axis=0))
        self._place = true + away
        coming = around[:, FAR + away : FAR + away + HOP]
        # Waves that are not alike would be softer in the middle of their cross-fade.
        made: Samples = going + (coming - going) * RISE
        made /= np.sqrt(APART + TOGETHER * np.float32(likeness))
        return made

    def _hold(self, start: int, stop: int) -> None:
        """Read on to a place, and forget what comes before what is still needed."""
        while self._first + self._held.shape[1] < stop:
            done = min(start, self._place + HOP) - self._first
            done = min(done, self._held.shape[1])
            self._held = np.concatenate([self._held[:, done:], self._source.read(FED)], axis=1)
            self._first += done

    def _between(self, start: int, count: int) -> Samples:
        return self._held[:, start - self._first : start - self._first + count]


def _best(going: NDArray[np.float32], around: NDArray[np.float32]) -> tuple[int, float]:
    """Return how far from its true place a piece goes on best, and how alike it is (0 to 1).

    Shapes: (HOP,) what is gone on from, (2 * FAR + HOP,) where the next may begin.
    """
    alike = _likeness(going, around[FAR - NEAR : FAR + NEAR + HOP])
    found = int(np.argmax(alike - PENALTY))
    away, best = found - NEAR, float(alike[found])
    if best < 1 - NEARER and _is_bass(around):
        alike = _likeness(going, around)
        found = int(np.argmax(alike))
        if alike[found] > max(ALIKE, best):
            away, best = found - FAR, float(alike[found])
    return away, min(1.0, max(0.0, best))


def _is_bass(around: NDArray[np.float32]) -> bool:
    """Tell whether a sound is mostly bass."""
    powers = np.abs(np.fft.rfft(around, TRANSFORM)) ** 2
    return bool(powers[:BASS].sum() > powers[BASS:].sum())


def _likeness(going: NDArray[np.float32], around: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the normalised correlation at each place. Shapes: (HOP,), (places + HOP - 1,)."""
    energies = np.cumsum(around.astype(np.float64) ** 2)
    energy = energies[HOP - 1 :] - np.concatenate([[0.0], energies[:-HOP]])
    energy *= float(going @ going)
    products = np.correlate(around, going, "valid")
    likeness: NDArray[np.float64] = products / np.sqrt(np.maximum(energy, SILENT))
    return likeness
