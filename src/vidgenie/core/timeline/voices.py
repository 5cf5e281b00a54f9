"""What of an edit sounds: audio clips, the sound of video clips, the soundtrack.

second t of a clip  →  second speed × (trim + t) of its source (EDIT.md §7)
`loop`              →  what is left after `trim` again and again, each pass as long as the other
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from vidgenie.core.edit.model import AudioAsset, Clip, Edit, VideoAsset
from vidgenie.core.edit.references import each_clip
from vidgenie.core.timebase import FrameRange, exact_seconds
from vidgenie.core.timeline.curves import curve_of, fades
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.grid import Grid
from vidgenie.core.timeline.model import Voice
from vidgenie.core.timeline.timing import Schedule
from vidgenie.core.tween import Curve

LOOP_MIN_S = Fraction(1, 50)
"""A pass that takes less than this is not repeated: it would be a tone, not a sound."""

Facts = Mapping[str, MediaFacts]


def voices_of(edit: Edit, facts: Facts, times: Schedule, grid: Grid) -> tuple[Voice, ...]:
    """Return every voice, in the edit's order, the soundtrack last.

    Law: pure. What is frozen (`speed` 0) has no voice.
    """
    return (*_clips(edit, facts, times, grid), *_soundtrack(edit, facts, grid))


def _clips(edit: Edit, facts: Facts, times: Schedule, grid: Grid) -> Iterator[Voice]:
    for track, index, clip in each_clip(edit.timeline):
        asset = clip.asset
        if not isinstance(asset, VideoAsset | AudioAsset) or facts[asset.src].audio is None:
            continue
        when = times.clips[track, index]
        frames, speed = grid.frames(when), exact_seconds(asset.speed)
        if not frames or not speed:
            continue
        voice = Voice(
            name=f"{track}.{index}",
            samples=grid.samples(frames),
            asset=asset.src,
            start_s=speed * exact_seconds(asset.trim),
            gains=_gains(clip, when.length),
            speed=speed,
        )
        yield _looped(voice, facts) if asset.loop else voice


def _gains(clip: Clip, length: float) -> tuple[Curve, ...]:
    """Return a clip's own gains; tweens of its volume take the place of its fades."""
    asset = clip.asset
    assert isinstance(asset, VideoAsset | AudioAsset), asset.type
    volume = (curve_of(asset.volume, 1.0),)
    if isinstance(asset.volume, tuple):
        return volume
    effect = asset.volume_effect if isinstance(asset, VideoAsset) else asset.effect
    return volume + fades(effect, length)


def _soundtrack(edit: Edit, facts: Facts, grid: Grid) -> Iterator[Voice]:
    soundtrack = edit.timeline.soundtrack
    if soundtrack is None:
        return
    volume = 1.0 if soundtrack.volume is None else soundtrack.volume
    length = float(grid.rate.seconds_at(grid.last))
    voice = Voice(
        name="soundtrack",
        samples=grid.samples(FrameRange(0, grid.last)),
        asset=soundtrack.src,
        start_s=Fraction(0),
        gains=(Curve.constant(volume), *fades(soundtrack.effect, length)),
    )
    yield _looped(voice, facts) if soundtrack.loop or edit.timeline.loop else voice


def _looped(voice: Voice, facts: Facts) -> Voice:
    """Return the voice that begins again where its source ends."""
    left = exact_seconds(facts[voice.asset].duration_s) - voice.start_s
    pass_s = left / voice.speed
    return voice if pass_s < LOOP_MIN_S else replace(voice, pass_s=pass_s)
