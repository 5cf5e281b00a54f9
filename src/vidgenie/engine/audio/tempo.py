"""Sound faster or slower at its own pitch: FFmpeg's `atempo`, in place.

`atempo` cuts sound into windows that overlap by half and lays them closer or farther, each where
it fits its neighbour best. Two things follow:
* its first half window is lost: what comes out first is sound `HALF` samples in. Reading begins
  so much earlier, for every filter of the chain;
* a single onset may land some milliseconds off, for the fit comes first; the error does not add up.
"""

from collections.abc import Generator
from contextlib import suppress
from fractions import Fraction
from typing import Protocol

import av
import numpy as np
from av.filter import Graph

from vidgenie.core.timebase import SAMPLE_RATE_HZ
from vidgenie.engine.audio.layout import Samples

HALF = 1024
"""Half of `atempo`'s window at 48 kHz: the power of two that holds 1/24 s, halved."""

STEP_MAX = 2
"""One filter goes at most so much faster or slower: beyond, windows leave sound out."""

FED = 4096
"""Samples given to the filters at once."""


class Reads(Protocol):
    """Sound in order, for ever."""

    def read(self, count: int) -> Samples:
        """Return the next samples. Shapes: (2, count)."""

    def close(self) -> None:
        """Let go of what is open. May be called again."""


def tempos(speed: Fraction) -> tuple[float, ...]:
    """Return the factors of the filters that make up a speed above 0; none for 1."""
    left, found = speed, []
    while left > STEP_MAX or left * STEP_MAX < 1:
        step = Fraction(STEP_MAX) if left > 1 else Fraction(1, STEP_MAX)
        found.append(float(step))
        left /= step
    return (*found, float(left)) if left != 1 else tuple(found)


def lead_s(speed: Fraction) -> Fraction:
    """Return how many source seconds before the wanted one reading must begin."""
    samples, passed = Fraction(0), Fraction(1)
    for tempo in tempos(speed):
        samples += HALF * passed
        passed *= Fraction(tempo)
    return samples / SAMPLE_RATE_HZ


class Stretched:
    """Another sound at a speed; `source` begins `lead_s` early, and is closed with it."""

    def __init__(self, source: Reads, speed: Fraction) -> None:
        """Take the sound and its speed, which is above 0."""
        self._source = source
        self._blocks = _stretched(source, tempos(speed))
        self._left: Samples = np.zeros((2, 0), np.float32)

    def close(self) -> None:
        """Let go of the source. May be called again."""
        self._blocks.close()
        self._source.close()

    def read(self, count: int) -> Samples:
        """Return the next `count` samples. Shapes: (2, count) float32. Raises: DecodeError."""
        while self._left.shape[1] < count:
            self._left = np.concatenate([self._left, next(self._blocks)], axis=1)
        wanted, self._left = self._left[:, :count], self._left[:, count:]
        return wanted


def _stretched(source: Reads, steps: tuple[float, ...]) -> Generator[Samples]:
    graph = Graph()
    nodes = [
        graph.add_abuffer(
            format="fltp",
            layout="stereo",
            sample_rate=SAMPLE_RATE_HZ,
            time_base=Fraction(1, SAMPLE_RATE_HZ),
        ),
        *(graph.add("atempo", repr(step)) for step in steps),
        graph.add("aformat", "sample_fmts=fltp"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    done = 0
    while True:
        block = np.ascontiguousarray(source.read(FED))
        frame = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
        frame.pts = done
        done += FED
        graph.push(frame)
        with suppress(av.BlockingIOError):  # it wants to be fed first
            while True:
                made = graph.pull()
                assert isinstance(made, av.AudioFrame), made
                yield made.to_ndarray().astype(np.float32, copy=False)
