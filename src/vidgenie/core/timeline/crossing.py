"""Cross-transitions: `{"with": "previous"}`, one picture passing into the next on one track.

The clip before stands still and whole while this one comes over it, so that nothing below shows
through; only a carousel moves both, side by side. Its own going is left out: it ends below.
"""

from collections.abc import Mapping
from dataclasses import replace

from vidgenie.core.edit.model import Clip, Timeline, Transition
from vidgenie.core.edit.references import each_clip
from vidgenie.core.timeline.timing import Place, Times
from vidgenie.core.timeline.transitions import EASINGS, Passage, parsed, passages
from vidgenie.errors import EditInvalid, Problem

CROSSING = "fade"
"""What a cross-transition is where `in` does not say."""


def all_passages(
    timeline: Timeline, times: Mapping[Place, Times], place: str = "/timeline"
) -> dict[Place, tuple[Passage, ...]]:
    """Return how every clip comes and goes.

    Raises: EditInvalid where a clip passes into one that it does not overlap.
    """
    found: dict[Place, tuple[Passage, ...]] = {}
    problems = []
    last: dict[int, tuple[Place, Clip]] = {}
    for track, index, clip in each_clip(timeline):
        here: Place = (track, index)
        is_crossing = clip.transition is not None and clip.transition.with_ == "previous"
        own = clip.transition
        if clip.transition is not None and is_crossing:
            own = clip.transition.model_copy(update={"in_": None})
        found[here] = passages(own, times[here].length)
        if clip.transition is not None and is_crossing:
            before = last.get(track)
            overlap = times[before[0]].stop - times[here].start if before else 0.0
            if before is None or overlap <= 1e-9 or times[before[0]].start > times[here].start:
                path = f"{place}/tracks/{track}/clips/{index}/transition/with"
                problems.append(_apart(path, overlap if before else None))
            else:
                _cross(found, (before[0], here), clip.transition, times)
        last[track] = (here, clip)
    if problems:
        raise EditInvalid(problems=problems)
    return found


def _apart(path: str, overlap: float | None) -> Problem:
    if overlap is None:
        message = '`with` is "previous", but no clip stands before this one on its track'
    else:
        message = (
            '`with` is "previous", but the clip before it on the track does not run into it'
            f" (it ends {abs(overlap):g} s apart); let it start before that one ends"
        )
    return Problem(path, "wrong_value", message)


def _cross(
    found: dict[Place, tuple[Passage, ...]],
    places: tuple[Place, Place],
    transition: Transition,
    times: Mapping[Place, Times],
) -> None:
    """Put one crossing in the place of the earlier clip's going and the later one's coming."""
    before, here = places
    name = transition.in_ if transition.in_ not in (None, "none") else CROSSING
    kind, side, _ = parsed(name)
    overlap = min(times[before].stop - times[here].start, times[here].length)
    span = min(transition.duration or overlap, overlap)
    easing = transition.easing or EASINGS[kind][0]
    is_push = kind == "carousel"
    coming = Passage(kind, side, True, 0.0, span, easing, is_push)
    found[here] = (coming, *_after(found[here], span, times[here].length))
    found[before] = tuple(passage for passage in found[before] if passage.is_in)
    if is_push:
        start = times[here].start - times[before].start
        found[before] += (replace(coming, is_in=False, start_s=start),)


def _after(own: tuple[Passage, ...], start: float, length: float) -> tuple[Passage, ...]:
    """Return a clip's going, which begins when it has come."""
    kept = []
    for passage in own:
        if not passage.is_in:
            span = min(passage.length_s, max(0.0, length - start))
            if span > 0:
                kept.append(replace(passage, start_s=length - span, length_s=span))
    return tuple(kept)
