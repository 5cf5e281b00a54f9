"""The mix: every voice at its sample, at its gain, added up in float.

Gains are straight lines between points 64 samples apart, counted from the voice's first sample:
a fade has no steps to be heard, and it is the same fade however the output is cut into blocks.
"""

from collections.abc import Generator
from contextlib import ExitStack, closing
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vidgenie.core.timebase import SAMPLE_RATE_HZ, SampleRange
from vidgenie.core.timeline.model import ResolvedTimeline, SoundPart, Voice
from vidgenie.core.timeline.sound import gain_at, sound_at
from vidgenie.engine.audio.layout import Samples
from vidgenie.engine.audio.loop import Looped
from vidgenie.engine.audio.reader import SoundReader
from vidgenie.engine.audio.tempo import Reads, Stretched, lead_s
from vidgenie.engine.values import Assets

BLOCK = 4096
"""Samples mixed at once: 85 ms; a whole number of limiter cells and of AAC packets."""

GAIN_STEP = 64
"""Samples between two points of a gain: 1.3 ms, too short to be heard as a step."""


def mix(timeline: ResolvedTimeline, assets: Assets) -> Generator[Samples]:
    """Yield the timeline's whole sound, in order, in blocks of `BLOCK` (the last may be shorter).

    Shapes: (2, samples) float32; loud places pass full scale, see `limiter.py`.
    Raises: DecodeError when a voice's source cannot be read.
    Cost:   one open decoder per voice that sounds; memory does not grow with the length.
    """
    readers: dict[int, Reads] = {}
    whole = timeline.samples
    with ExitStack() as stack:
        for start in range(whole.start, whole.stop, BLOCK):
            block = SampleRange(start, min(start + BLOCK, whole.stop))
            output = np.zeros((2, len(block)), np.float32)
            for part in sound_at(timeline, block):
                reader = readers.get(id(part.voice))
                if reader is None:
                    reader = stack.enter_context(closing(_open_reader(part, assets)))
                    readers[id(part.voice)] = reader
                first = part.samples.start - start
                samples = reader.read(len(part.samples))
                output[:, first : first + len(part.samples)] += samples * gains(part)
                if part.samples.stop == part.voice.samples.stop:
                    reader.close()
            yield output


def gains(part: SoundPart) -> NDArray[np.float32] | np.float32:
    """Return the factor of each sample of a part, or one for all when none of it moves."""
    voice, count = part.voice, len(part.samples)
    if _is_settled(voice, part.offset):
        return np.float32(gain_at(voice, part.offset))
    first = part.offset // GAIN_STEP
    last = -(-(part.offset + count - 1) // GAIN_STEP)
    points = np.arange(first, last + 1) * GAIN_STEP
    values = [gain_at(voice, int(point)) for point in points]
    return np.interp(np.arange(part.offset, part.offset + count), points, values).astype(np.float32)


def _is_settled(voice: Voice, offset: int) -> bool:
    """Tell whether no gain moves any more from this sample on."""
    seconds = max(0, offset - GAIN_STEP) / SAMPLE_RATE_HZ
    return all(curve.is_constant or curve.boundaries[-1] < seconds for curve in voice.gains)


def _open_reader(part: SoundPart, assets: Assets) -> Reads:
    """Open a voice's sound at the part's first sample.

    A sound at another speed is made from its begin on, so that every window of it is the same.
    """
    voice, source = part.voice, assets[part.voice.asset]

    def begin() -> Reads:
        if voice.speed == 1:
            return SoundReader(source, voice.start_s)
        early = SoundReader(source, voice.start_s - lead_s(voice.speed))
        return Stretched(early, voice.speed)

    if voice.pass_s is not None:
        return Looped(begin, voice.pass_s, part.offset)
    if voice.speed == 1:
        return SoundReader(source, voice.start_s + Fraction(part.offset, SAMPLE_RATE_HZ))
    reader = begin()
    for start in range(0, part.offset, BLOCK):
        reader.read(min(BLOCK, part.offset - start))
    return reader
