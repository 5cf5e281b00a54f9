"""Which sources each span shows, and at how many places at once: for the pool of decoders."""

from collections import Counter
from collections.abc import Iterator, Sequence

from vidgenie.core.plan.model import Span
from vidgenie.core.timeline.model import (
    ImageContent,
    PlacedClip,
    ResolvedTimeline,
    VideoContent,
)

Uses = Sequence[Counter[str]]
"""For every span of a chunk: the clips (and masks) that show a source."""


def uses_of(timeline: ResolvedTimeline, spans: Sequence[Span]) -> Uses:
    """Return what every span shows of the sources."""
    return tuple(
        Counter(name for index in span.clips for name in _sources(timeline.clips[index]))
        for span in spans
    )


def lanes_of(uses: Uses) -> Counter[str]:
    """Return how many places of a source are shown on one frame at most."""
    most: Counter[str] = Counter()
    for shown in uses:
        most |= shown
    return most


def _sources(clip: PlacedClip) -> Iterator[str]:
    if isinstance(clip.content, VideoContent | ImageContent):
        yield clip.content.asset
    for masked in clip.masks:
        yield from _sources(masked.clip)
