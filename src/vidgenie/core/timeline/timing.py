"""When each clip begins and how long it lasts: numbers, `auto`, `end` and `alias://` made plain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from vidgenie.core.edit import limits
from vidgenie.core.edit.model import AudioAsset, Clip, Edit, VideoAsset
from vidgenie.core.edit.references import Moment, aliases_of, in_order, named, needs_of
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.errors import EditInvalid, Problem

STILL_LENGTH_S = 3.0
"""`length: auto` of what has no length of its own (EDIT.md §7)."""

END_LENGTH_MIN_S = 0.1
"""`length: end` is at least this long (EDIT.md §7)."""

EMPTY_LENGTH_S = 1.0
"""An empty timeline is one second of background."""


class Times(NamedTuple):
    """Seconds on the timeline."""

    start: float
    length: float

    @property
    def stop(self) -> float:
        """The first second after it."""
        return self.start + self.length


Place = tuple[int, int]
"""Track and clip, counted from 0 in the edit's order."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When every clip stands, and how long the output is."""

    clips: Mapping[Place, Times]
    duration: float


def schedule(edit: Edit, facts: Mapping[str, MediaFacts]) -> Schedule:
    """Return when every clip begins and how long it lasts, in seconds.

    Raises: EditInvalid where an `auto` length has no source to take it from, or the timeline is
    too long. References that go round were refused before (`core/edit/references.py`).
    """
    timeline = edit.timeline
    order, circles = in_order(needs_of(timeline))
    assert not circles, circles
    reader = _Reader(edit, facts)
    before_end = reader.times(order, end=0.0)
    open_ended = {place for place in before_end if reader.is_open_ended(place)}
    stops = [times.stop for place, times in before_end.items() if place not in open_ended]
    starts = [before_end[place].start for place in open_ended]
    clips = reader.times(order, end=max([0.0, timeline.duration or 0.0, *stops, *starts]))
    latest = max(clips, key=lambda place: clips[place].stop, default=None)
    duration = timeline.duration or (clips[latest].stop if latest else 0.0) or EMPTY_LENGTH_S
    if duration > limits.DURATION_MAX_S and latest is not None:
        message = (
            f"the clip ends at {duration:g} s; an output is at most"
            f" {limits.DURATION_MAX_S} s (3 hours) long"
        )
        path = Moment(*latest, "length").path
        raise EditInvalid(problems=[Problem(path, "out_of_range", message)])
    return Schedule(clips, duration)


class _Reader:
    """Makes starts and lengths plain, each after those it follows from."""

    def __init__(self, edit: Edit, facts: Mapping[str, MediaFacts]) -> None:
        self.tracks = edit.timeline.tracks
        self.facts = facts
        self.aliases = aliases_of(edit.timeline)

    def times(self, order: Iterable[Moment], *, end: float) -> dict[Place, Times]:
        """Return all clips' times, in the edit's order, on a timeline that ends at `end`."""
        seconds: dict[Moment, float] = {}
        for moment in order:
            read = self._start if moment.name == "start" else self._length
            seconds[moment] = read(moment, seconds, end)
        return {
            (t, c): Times(seconds[Moment(t, c, "start")], seconds[Moment(t, c, "length")])
            for t, track in enumerate(self.tracks)
            for c in range(len(track.clips))
        }

    def is_open_ended(self, place: Place) -> bool:
        """Tell whether the clip's length hangs on the end of the timeline."""
        length = self._clip(place).length
        while (alias := named(length)) is not None:
            length = self._clip(self.aliases[alias]).length
        return length == "end"

    def _start(self, moment: Moment, seconds: Mapping[Moment, float], _: float) -> float:
        start = self._clip(moment[:2]).start
        if not isinstance(start, str):
            return start
        if (alias := named(start)) is not None:
            return seconds[Moment(*self.aliases[alias], "start")]
        before = moment._replace(clip=moment.clip - 1)
        return seconds[before] + seconds[before._replace(name="length")] if moment.clip else 0.0

    def _length(self, moment: Moment, seconds: Mapping[Moment, float], end: float) -> float:
        length = self._clip(moment[:2]).length
        if not isinstance(length, str):
            return length
        if (alias := named(length)) is not None:
            return seconds[Moment(*self.aliases[alias], "length")]
        if length == "end":
            return max(END_LENGTH_MIN_S, end - seconds[moment._replace(name="start")])
        return self._own_length(moment)

    def _own_length(self, moment: Moment) -> float:
        asset = self._clip(moment[:2]).asset
        if not isinstance(asset, VideoAsset | AudioAsset):
            return STILL_LENGTH_S
        length = self.facts[asset.src].duration_s - asset.trim
        if length <= 0:
            message = (
                f'`length` is "auto" and `trim` is {asset.trim:g} s, but the source is only'
                f" {self.facts[asset.src].duration_s:g} s long; trim less"
            )
            raise EditInvalid(problems=[Problem(moment.path, "too_short", message)])
        return length

    def _clip(self, place: Place) -> Clip:
        return self.tracks[place[0]].clips[place[1]]
