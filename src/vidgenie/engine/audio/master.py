"""The finished sound: the mix, as loud as the edit asks for, and never beyond the ceiling.

    mix → measure ─┐
    mix ─────────× gain → limiter (true peaks) → encoder

The mix is made once to be measured and once to be used: keeping it would take a disk. One gain is
put on all of it, so quiet places stay quiet. Where the limiter bites, some loudness is lost; it is
measured again and made up for, within `MAKE_UP`.
"""

from collections.abc import Generator, Iterator
from contextlib import closing

import numpy as np

from vidgenie.core.timeline.model import ResolvedTimeline
from vidgenie.engine.audio.layout import Samples
from vidgenie.engine.audio.limiter import CEILING, limited
from vidgenie.engine.audio.loudness import measure
from vidgenie.engine.audio.mix import mix
from vidgenie.engine.values import Assets

CLOSE_LU = 0.1
"""Nearer to the wanted loudness than anybody hears (EBU R 128 allows 0.5)."""

TRIES = 2
"""How often the sound is measured again when the limiter bites."""

MAKE_UP = 10 ** (6 / 20)
"""The gain goes at most so far beyond what the loudness alone asks for: limiting is heard."""


def mastered(timeline: ResolvedTimeline, assets: Assets) -> Generator[Samples]:
    """Yield the whole sound as it is encoded, in order; blocks as `mix` gives them.

    Raises: DecodeError when a voice's source cannot be read.
    Cost:   with a loudness to reach, the mix is made twice, or up to four times if it is limited.
    """
    if timeline.loudness_lufs is None:
        with closing(mix(timeline, assets)) as blocks:
            yield from limited(blocks)
        return
    gain = _gain(timeline, assets, timeline.loudness_lufs)
    with closing(mix(timeline, assets)) as blocks:
        yield from _loud(blocks, gain)


def _gain(timeline: ResolvedTimeline, assets: Assets, wanted_lufs: float) -> float:
    """Return the factor that makes the sound as loud as wanted; 1 for silence."""
    with closing(mix(timeline, assets)) as blocks:
        found = measure(blocks)
    if found.lufs is None:
        return 1.0
    first = gain = _factor(wanted_lufs - found.lufs)
    if found.peak * gain <= CEILING:
        return gain
    for _ in range(TRIES):
        with closing(mix(timeline, assets)) as blocks:
            lufs = measure(_loud(blocks, gain)).lufs
        if lufs is None or abs(wanted_lufs - lufs) <= CLOSE_LU:
            break
        gain = min(gain * _factor(wanted_lufs - lufs), first * MAKE_UP)
    return gain


def _factor(lu: float) -> float:
    return float(10 ** (lu / 20))


def _loud(blocks: Iterator[Samples], gain: float) -> Iterator[Samples]:
    return limited((block * np.float32(gain) for block in blocks), true_peaks=True)
