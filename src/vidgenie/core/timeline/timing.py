"""When each clip begins and how long it lasts: numbers, `auto`, `end` and `alias://` made plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from vidgenie.core.edit.model import AudioAsset, Clip, Edit, VideoAsset
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

    Raises: EditInvalid where an `auto` length has no source to take it from, or aliases go round.
    """
    reader = _Reader(edit, facts)
    timeline = edit.timeline
    places = [(t, c) for t, track in enumerate(timeline.tracks) for c in range(len(track.clips))]
    open_ended = [place for place in places if reader.is_open_ended(place)]
    fixed = {place: reader.times(place) for place in places if place not in open_ended}
    end = max((times.stop for times in fixed.values()), default=0.0)
    end = max([end, timeline.duration or 0.0, *(reader.start(place) for place in open_ended)])
    reader.end = end
    clips = {place: reader.times(place) for place in places}
    latest = max((times.stop for times in clips.values()), default=0.0)
    return Schedule(clips, timeline.duration or latest or EMPTY_LENGTH_S)


class _Reader:
    """Resolves one clip after the other, following references."""

    def __init__(self, edit: Edit, facts: Mapping[str, MediaFacts]) -> None:
        self.tracks = edit.timeline.tracks
        self.facts = facts
        self.end = 0.0
        self.aliases = {
            clip.alias: (t, c)
            for t, track in enumerate(self.tracks)
            for c, clip in enumerate(track.clips)
            if clip.alias
        }
        self._asking: list[tuple[str, Place]] = []

    def times(self, place: Place) -> Times:
        return Times(self.start(place), self.length(place))

    def start(self, place: Place) -> float:
        start = self._clip(place).start
        if not isinstance(start, str):
            return float(start)
        with self._step("start", place):
            if start == "auto":
                track, index = place
                return self.times((track, index - 1)).stop if index else 0.0
            return self.start(self._named(start))

    def length(self, place: Place) -> float:
        length = self._clip(place).length
        if not isinstance(length, str):
            return float(length)
        with self._step("length", place):
            if length == "auto":
                return self._own_length(place)
            if length == "end":
                return max(END_LENGTH_MIN_S, self.end - self.start(place))
            return self.length(self._named(length))

    def is_open_ended(self, place: Place) -> bool:
        """Tell whether the clip's times hang on the end of the timeline."""
        clip = self._clip(place)
        seen = set()
        while isinstance(clip.length, str) and clip.length.startswith("alias://"):
            if clip.length in seen:
                break
            seen.add(clip.length)
            clip = self._clip(self._named(clip.length))
        return clip.length == "end"

    def _own_length(self, place: Place) -> float:
        asset = self._clip(place).asset
        if not isinstance(asset, VideoAsset | AudioAsset):
            return STILL_LENGTH_S
        length = self.facts[asset.src].duration_s - asset.trim
        if length <= 0:
            message = (
                f'`length` is "auto" and `trim` is {asset.trim:g} s, but the source is only'
                f" {self.facts[asset.src].duration_s:g} s long; trim less"
            )
            raise EditInvalid(problems=[Problem(self._path(place, "length"), "too_short", message)])
        return length

    def _clip(self, place: Place) -> Clip:
        return self.tracks[place[0]].clips[place[1]]

    def _named(self, reference: str) -> Place:
        return self.aliases[reference.removeprefix("alias://")]

    def _path(self, place: Place, name: str) -> str:
        return f"/timeline/tracks/{place[0]}/clips/{place[1]}/{name}"

    def _step(self, name: str, place: Place) -> "_Step":
        return _Step(self, (name, place))


class _Step:
    """One reference being followed; following it twice means that it goes round."""

    def __init__(self, reader: _Reader, asked: tuple[str, Place]) -> None:
        self.reader = reader
        self.asked = asked

    def __enter__(self) -> None:
        if self.asked in self.reader._asking:
            name, place = self.asked
            path = self.reader._path(place, name)
            message = f"`{name}` refers back to itself through `auto` or `alias://`"
            raise EditInvalid(problems=[Problem(path, "circular_reference", message)])
        self.reader._asking.append(self.asked)

    def __exit__(self, *_: object) -> None:
        self.reader._asking.pop()
