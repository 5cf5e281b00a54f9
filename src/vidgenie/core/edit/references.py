"""What a clip's times hang on: the clip before it (`auto`), or one with a name (`alias://x`).

    start   "auto"       start and length of the clip before on the track
    start   alias://x    start of x
    length  alias://x    length of x
    length  "end"        the clip's own start

What `auto` lengths and the timeline's end are, only the sources tell: `core/timeline/timing.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from vidgenie.core.edit import limits
from vidgenie.core.edit.model import Clip, Timeline
from vidgenie.core.edit.names import check_names, named
from vidgenie.errors import Problem

NAMES: tuple[Literal["start", "length"], ...] = ("start", "length")

STEPS_SHOWN = 5
"""Steps of a circle that a message names."""


class Moment(NamedTuple):
    """The start or the length of one clip."""

    track: int
    clip: int
    name: Literal["start", "length"]

    def path(self, place: str) -> str:
        """Return where it stands in the document, its timeline being at `place`."""
        return f"{place}/tracks/{self.track}/clips/{self.clip}/{self.name}"


Needs = Mapping[Moment, tuple[Moment, ...]]


def check_references(timeline: Timeline, place: str) -> Iterator[Problem]:
    """Yield aliases taken or unknown, references that go round, and clips too late.

    `place` is the JSON Pointer of the timeline; its aliases are its own.
    """
    yield from check_names(timeline, place)
    needs = needs_of(timeline)
    order, circles = in_order(needs)
    for circle in circles:
        steps = " → ".join(moment.path(place) for moment in circle[:STEPS_SHOWN])
        rest = " → …" if len(circle) > STEPS_SHOWN else ""
        message = f"`{circle[0].name}` hangs on itself ({steps}{rest}); give one of them a number"
        yield Problem(circle[0].path(place), "circular_reference", message)
    yield from _too_late(timeline, place, order)


def aliases_of(timeline: Timeline) -> dict[str, tuple[int, int]]:
    """Return the track and place of each name; the first clip that takes a name has it."""
    aliases: dict[str, tuple[int, int]] = {}
    for track, index, clip in each_clip(timeline):
        if clip.alias is not None:
            aliases.setdefault(clip.alias, (track, index))
    return aliases


def each_clip(timeline: Timeline) -> Iterator[tuple[int, int, Clip]]:
    """Yield every clip that is shown, with the numbers of its track and its place there."""
    for track_index, track in enumerate(timeline.tracks):
        for clip_index, clip in enumerate(track.clips):
            if clip.is_shown:
                yield track_index, clip_index, clip


def needs_of(timeline: Timeline) -> dict[Moment, tuple[Moment, ...]]:
    """Return, for every start and length, the ones it follows from; unknown aliases have none."""
    aliases = aliases_of(timeline)
    needs: dict[Moment, tuple[Moment, ...]] = {}
    before: dict[int, int] = {}
    for track, index, clip in each_clip(timeline):
        for name in NAMES:
            value = getattr(clip, name)
            found: tuple[Moment, ...] = ()
            alias = named(value)
            if alias in aliases:
                found = (Moment(*aliases[alias], name),)
            elif value == "auto" and name == "start" and track in before:
                last = before[track]
                found = (Moment(track, last, "start"), Moment(track, last, "length"))
            elif value == "end":
                found = (Moment(track, index, "start"),)
            needs[Moment(track, index, name)] = found
        before[track] = index
    return needs


def in_order(needs: Needs) -> tuple[list[Moment], list[list[Moment]]]:
    """Return all moments, each after what it needs, and the circles that make that impossible.

    Cost: one visit of each; no recursion, for a chain may be as long as the timeline.
    """
    order: list[Moment] = []
    circles: dict[Moment, list[Moment]] = {}
    done: set[Moment] = set()
    for first in needs:
        stack: list[tuple[Moment, Iterator[Moment]]] = [(first, iter(needs[first]))]
        walked: dict[Moment, None] = {first: None}
        while stack and first not in done:
            moment, following = stack[-1]
            needed = next((step for step in following if step not in done), None)
            if needed is None:
                stack.pop()
                walked.popitem()
                done.add(moment)
                order.append(moment)
            elif needed in walked:
                circles[needed] = list(walked)[list(walked).index(needed) :]
            else:
                stack.append((needed, iter(needs[needed])))
                walked[needed] = None
    return order, list(circles.values())


def _too_late(timeline: Timeline, place: str, order: Sequence[Moment]) -> Iterator[Problem]:
    """Yield the first clip of each track that surely ends too late; what is unknown counts as 0."""
    needs = needs_of(timeline)
    at_least: dict[Moment, float] = {}
    for moment in order:
        value = getattr(timeline.tracks[moment.track].clips[moment.clip], moment.name)
        following = 0.0 if value == "end" else sum(at_least.get(n, 0.0) for n in needs[moment])
        at_least[moment] = value if isinstance(value, float) else following
    told: set[int] = set()
    for track, index, _ in each_clip(timeline):
        length = Moment(track, index, "length")
        stop = at_least[Moment(track, index, "start")] + at_least[length]
        if stop > limits.DURATION_MAX_S and track not in told:
            told.add(track)
            message = (
                f"the clip ends at {stop:g} s or later; an output is at most"
                f" {limits.DURATION_MAX_S} s (3 hours) long"
            )
            yield Problem(length.path(place), "out_of_range", message)
