"""The law of sound: which voices stand in which samples, and how loud."""

from math import prod

from vidgenie.core.timebase import SAMPLE_RATE_HZ, SampleRange
from vidgenie.core.timeline.model import ResolvedTimeline, SoundPart, Voice


def sound_at(timeline: ResolvedTimeline, samples: SampleRange) -> tuple[SoundPart, ...]:
    """Return every voice that sounds within a range of samples, cut to it."""
    parts = []
    for voice in timeline.voices:
        start = max(voice.samples.start, samples.start)
        stop = min(voice.samples.stop, samples.stop)
        if start < stop:
            parts.append(SoundPart(voice, SampleRange(start, stop), start - voice.samples.start))
    return tuple(parts)


def gain_at(voice: Voice, offset: int) -> float:
    """Return the factor of a voice at a sample, counted from its first; never negative."""
    seconds = offset / SAMPLE_RATE_HZ
    return prod(max(0.0, curve.value_at(seconds)) for curve in voice.gains)
