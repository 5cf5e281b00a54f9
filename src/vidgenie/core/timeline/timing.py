"""When each clip begins and how long it lasts: numbers, `auto`, `end` and `alias://` made plain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from vidgenie.core.edit import limits
from vidgenie.core.edit.model import (
    AudioAsset,
    CaptionAsset,
    Clip,
    CompositionAsset,
    Edit,
    LottieAsset,
    LumaAsset,
    RichCaptionAsset,
    Timeline,
    VideoAsset,
)
from vidgenie.core.edit.names import named
from vidgenie.core.edit.references import (
    Moment,
    Needs,
    aliases_of,
    each_clip,
    in_order,
    needs_of,
)
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.graphics.lottie import lottie_of
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

Facts = Mapping[str, MediaFacts]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When every clip that is shown stands, and how long the timeline is."""

    clips: Mapping[Place, Times]
    duration: float


def schedule(edit: Edit, facts: Facts) -> Schedule:
    """Return when every clip begins and how long it lasts, in seconds.

    Raises: EditInvalid where an `auto` length has no source to take it from, or the timeline is
    too long. References that go round were refused before (`core/edit/references.py`).
    """
    return schedule_of(edit.timeline, facts, "/timeline")


def schedule_of(timeline: Timeline, facts: Facts, place: str) -> Schedule:
    """Return the schedule of one timeline, which stands at `place` in the document.

    A composition's timeline has its own: its clips' times count from the composition's begin.
    """
    needs = needs_of(timeline)
    order, circles = in_order(needs)
    assert not circles, circles
    reader = _Reader(timeline, facts, place, needs)
    before_end = reader.times(order, end=0.0)
    open_ended = {spot for spot in before_end if reader.is_open_ended(spot)}
    stops = [times.stop for spot, times in before_end.items() if spot not in open_ended]
    starts = [before_end[spot].start for spot in open_ended]
    clips = reader.times(order, end=max([0.0, timeline.duration or 0.0, *stops, *starts]))
    latest = max(clips, key=lambda spot: clips[spot].stop, default=None)
    duration = timeline.duration or (clips[latest].stop if latest else 0.0) or EMPTY_LENGTH_S
    if duration > limits.DURATION_MAX_S and latest is not None:
        message = (
            f"the clip ends at {duration:g} s; an output is at most"
            f" {limits.DURATION_MAX_S} s (3 hours) long"
        )
        path = Moment(*latest, "length").path(place)
        raise EditInvalid(problems=[Problem(path, "out_of_range", message)])
    return Schedule(clips, duration)


class _Reader:
    """Makes starts and lengths plain, each after those it follows from."""

    def __init__(self, timeline: Timeline, facts: Facts, place: str, needs: Needs) -> None:
        self.clips = {(track, index): clip for track, index, clip in each_clip(timeline)}
        self.facts = facts
        self.place = place
        self.needs = needs
        self.aliases = aliases_of(timeline)
        self.own: dict[Place, float] = {}

    def times(self, order: Iterable[Moment], *, end: float) -> dict[Place, Times]:
        """Return all clips' times, in the edit's order, on a timeline that ends at `end`."""
        seconds: dict[Moment, float] = {}
        for moment in order:
            read = self._start if moment.name == "start" else self._length
            seconds[moment] = read(moment, seconds, end)
        return {
            (t, c): Times(seconds[Moment(t, c, "start")], seconds[Moment(t, c, "length")])
            for t, c in self.clips
        }

    def is_open_ended(self, place: Place) -> bool:
        """Tell whether the clip's length hangs on the end of the timeline."""
        length = self.clips[place].length
        while (alias := named(length)) is not None:
            length = self.clips[self.aliases[alias]].length
        return length == "end"

    def _start(self, moment: Moment, seconds: Mapping[Moment, float], _: float) -> float:
        start = self.clips[moment[:2]].start
        # An alias needs one moment, the start it copies; `auto` two, which add up to a clip's end.
        return (
            sum(seconds[need] for need in self.needs[moment]) if isinstance(start, str) else start
        )

    def _length(self, moment: Moment, seconds: Mapping[Moment, float], end: float) -> float:
        length = self.clips[moment[:2]].length
        if not isinstance(length, str):
            return length
        if (alias := named(length)) is not None:
            return seconds[Moment(*self.aliases[alias], "length")]
        if length == "end":
            return max(END_LENGTH_MIN_S, end - seconds[moment._replace(name="start")])
        if moment[:2] not in self.own:
            self.own[moment[:2]] = self._own_length(moment)
        return self.own[moment[:2]]

    def _own_length(self, moment: Moment) -> float:
        """Return the length that an asset has of itself: what is left of it after `trim`."""
        asset = self.clips[moment[:2]].asset
        whole = self._whole_length(self.clips[moment[:2]], moment)
        if whole is None:
            return STILL_LENGTH_S
        speed, trim = getattr(asset, "speed", 1.0), getattr(asset, "trim", 0.0)
        length = whole / speed - trim if speed else STILL_LENGTH_S
        if length <= 0:
            spoken = f"{whole / (speed or 1):g} s long" + (
                f" at speed {speed:g}" if speed != 1 else ""
            )
            message = (
                f'`length` is "auto" and `trim` is {trim:g} s, but the source is only'
                f" {spoken}; trim less"
            )
            raise EditInvalid(problems=[Problem(moment.path(self.place), "too_short", message)])
        return length

    def _whole_length(self, clip: Clip, moment: Moment) -> float | None:
        """Return how long an asset is before `trim` and `speed`; None for what stands still."""
        match clip.asset:
            case LumaAsset() if self._masks_stills(moment):
                return None
            case LottieAsset() as asset:
                document = lottie_of(asset, self.facts)
                return None if document is None else document.duration_s
            case VideoAsset() | AudioAsset() | LumaAsset() as asset:
                known = self.facts[asset.src] if asset.src else None
                return None if known is None or known.is_image else known.duration_s
            case CaptionAsset() | RichCaptionAsset() as asset:
                if asset.words:
                    return max(word.end for word in asset.words)
                source = self._caption_source(asset.src)
                return self.facts[source].duration_s if source in self.facts else None
            case CompositionAsset() as asset:
                t, c, _ = moment
                inner = f"{self.place}/tracks/{t}/clips/{c}/asset/timeline"
                return schedule_of(asset.timeline, self.facts, inner).duration
        return None

    def _masks_stills(self, luma: Moment) -> bool:
        """Tell whether a luma's track has pictures that stand still, and no video (EDIT.md §7)."""
        others = [
            clip.asset
            for (track, _), clip in self.clips.items()
            if track == luma.track and not isinstance(clip.asset, LumaAsset | AudioAsset)
        ]
        return bool(others) and not any(isinstance(one, VideoAsset) for one in others)

    def _caption_source(self, src: str) -> str:
        """Return the file of captions, which another clip may have."""
        seen: set[str] = set()
        while (alias := named(src)) is not None and alias not in seen:
            seen.add(alias)
            asset = self.clips[self.aliases[alias]].asset if alias in self.aliases else None
            src = asset.src if isinstance(asset, CaptionAsset | RichCaptionAsset) else ""
        return src
