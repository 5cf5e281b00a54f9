"""A sound that begins again and again, every pass to the sample as long as the one before.

    … end of one pass │ begin of the next …
            ├─ FADE ──┤
      out   cos ↘         the end fades
      in    sin ↗         the begin, played backwards, rises towards its own first sample

The mirrored begin meets the begin without a step, nothing after the join is touched (a beat keeps
its attack), and no pass is shortened by the fade: picture and sound stay together for ever.
"""

from collections.abc import Callable, Generator
from contextlib import closing
from fractions import Fraction

import numpy as np

from vidgenie.core.timebase import SAMPLE_RATE_HZ
from vidgenie.engine.audio.layout import Samples
from vidgenie.engine.audio.tempo import Reads

FADE = SAMPLE_RATE_HZ // 100
"""Samples of a join: 10 ms."""

BLOCK = 4096

KEPT = 10 * SAMPLE_RATE_HZ
"""A pass of at most so many samples is kept (4 MB) rather than decoded for every pass."""


class Looped:
    """Passes of a sound, one after the other."""

    def __init__(self, begin: Callable[[], Reads], pass_s: Fraction, offset: int) -> None:
        """Take what begins the sound anew; the first sample read is the one at `offset`."""
        first = int(offset / (pass_s * SAMPLE_RATE_HZ))
        self._blocks = _passes(_keeping(begin, pass_s), pass_s, first)
        self._left: Samples = np.zeros((2, 0), np.float32)
        skipped = offset - _begin(first, pass_s)
        while skipped > 0:
            skipped -= self.read(min(skipped, BLOCK)).shape[1]

    def read(self, count: int) -> Samples:
        """Return the next `count` samples. Shapes: (2, count) float32. Raises: DecodeError."""
        while self._left.shape[1] < count:
            self._left = np.concatenate([self._left, next(self._blocks)], axis=1)
        wanted, self._left = self._left[:, :count], self._left[:, count:]
        return wanted

    def close(self) -> None:
        """Let go of the sound. May be called again."""
        self._blocks.close()


class _Kept:
    """Samples at hand, then silence."""

    def __init__(self, samples: Samples) -> None:
        self._left = samples

    def read(self, count: int) -> Samples:
        wanted, self._left = self._left[:, :count], self._left[:, count:]
        return np.pad(wanted, ((0, 0), (0, count - wanted.shape[1])))

    def close(self) -> None:
        """Nothing is open."""


def _keeping(begin: Callable[[], Reads], pass_s: Fraction) -> Callable[[], Reads]:
    """Return what begins a pass: short ones are decoded once."""
    count = int(pass_s * SAMPLE_RATE_HZ) + 1
    if count > KEPT:
        return begin
    with closing(begin()) as reader:
        samples = reader.read(count)
    return lambda: _Kept(samples)


def _begin(number: int, pass_s: Fraction) -> int:
    """Return the first sample of a pass; rounding does not add up."""
    return round(number * pass_s * SAMPLE_RATE_HZ)


def _passes(begin: Callable[[], Reads], pass_s: Fraction, number: int) -> Generator[Samples]:
    while True:
        count = _begin(number + 1, pass_s) - _begin(number, pass_s)
        fade = min(FADE, count // 2)
        with closing(begin()) as reader:
            head = reader.read(fade)
            yield head
            for start in range(fade, count - fade, BLOCK):
                yield reader.read(min(BLOCK, count - fade - start))
            tail = reader.read(fade)
        angles = (np.arange(fade, dtype=np.float32) + 0.5) * np.float32(np.pi / 2 / max(1, fade))
        yield tail * np.cos(angles) + head[:, ::-1] * np.sin(angles)
        number += 1
