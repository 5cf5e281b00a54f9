"""What of an edit sounds: audio clips, the sound of video clips, the soundtrack.

second t of a clip  →  second speed × (trim + t) of its source (EDIT.md §7)
`loop`              →  what is left after `trim` again and again, each pass as long as the other

All voices but one may be lowered while that one sounds (`timeline.audio.duck`):

    gain 1 ──╲                 ╱── 1
              ╲_______________╱        10^(amount_db / 20)
      attack  │ the voice     │ release

What is to come is known, so the fall ends where the voice begins: its first word stands clear.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from vidgenie.core.edit.model import (
    AudioAsset,
    Clip,
    CompositionAsset,
    Duck,
    Edit,
    Timeline,
    VideoAsset,
)
from vidgenie.core.edit.references import each_clip
from vidgenie.core.timebase import SAMPLE_RATE_HZ, FrameRange, SampleRange, exact_seconds
from vidgenie.core.timeline.curves import curve_of, fades
from vidgenie.core.timeline.facts import MediaFacts, pass_of
from vidgenie.core.timeline.graphics.nested import edit_of, inside
from vidgenie.core.timeline.grid import Grid
from vidgenie.core.timeline.model import Voice
from vidgenie.core.timeline.timing import Schedule, schedule
from vidgenie.core.tween import Curve, Step
from vidgenie.errors import EditInvalid, Problem

ATTACK_S = 0.2
RELEASE_S = 0.5
"""A duck that does not say: quick enough for a sentence, too slow to be heard as a pump."""

Facts = Mapping[str, MediaFacts]


def voices_of(edit: Edit, facts: Facts, times: Schedule, grid: Grid) -> tuple[Voice, ...]:
    """Return every voice, in the edit's order, the soundtrack last.

    Law: pure. What is frozen (`speed` 0) has no voice.
    """
    voices = (*_clips(edit, facts, times, grid), *_soundtrack(edit, facts, grid))
    return _ducked(edit.timeline, voices, facts)


def _clips(edit: Edit, facts: Facts, times: Schedule, grid: Grid) -> Iterator[Voice]:
    for track, index, clip in each_clip(edit.timeline):
        asset = clip.asset
        if isinstance(asset, CompositionAsset):
            frames = grid.frames(times.clips[track, index])
            until = Grid(grid.size, grid.rate, frames.stop)
            with inside(track, index):
                inner = tuple(_composed(asset, facts, until, frames.start))
            yield from (replace(one, name=f"{track}.{index}/{one.name}") for one in inner)
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


def _composed(asset: CompositionAsset, facts: Facts, grid: Grid, first: int) -> Iterator[Voice]:
    """Yield the voices of a composition whose clip begins at a frame, until the grid's end."""
    edit = edit_of(asset)
    times = schedule(edit, facts)
    inner = Grid(grid.size, grid.rate, max(1, grid.rate.frame_at(times.duration)))
    start, stop = grid.rate.sample_at(first), grid.rate.sample_at(grid.last)
    volume = curve_of(asset.volume, 1.0)
    for voice in voices_of(edit, facts, times, inner):
        if asset.trim:
            message = "`trim` of a composition that sounds is not rendered yet; trim its clips"
            raise EditInvalid(problems=[Problem("/trim", "not_supported_yet", message)])
        samples = SampleRange(
            min(stop, start + voice.samples.start), min(stop, start + voice.samples.stop)
        )
        later = volume.later(-voice.samples.start / SAMPLE_RATE_HZ)
        gains = (*voice.gains, later)
        yield replace(voice, samples=samples, gains=gains)


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
    return replace(voice, pass_s=pass_of(facts[voice.asset], voice.start_s, voice.speed))


def _ducked(timeline: Timeline, voices: tuple[Voice, ...], facts: Facts) -> tuple[Voice, ...]:
    """Return the voices, lowered where the edit's `duck` says so.

    A clip that is silent all along lowers nothing, nor does what is left of it after its source.
    """
    duck = timeline.audio.duck if timeline.audio is not None else None
    if duck is None:
        return voices
    for _, _, clip in each_clip(timeline):
        if clip.alias == duck.under and isinstance(clip.asset, CompositionAsset):
            message = "a composition is no single voice to make room for yet; name a clip of sound"
            problem = Problem("/timeline/audio/duck/under", "not_supported_yet", message)
            raise EditInvalid(problems=[problem])
    names = [f"{t}.{c}" for t, c, clip in each_clip(timeline) if clip.alias == duck.under]
    above = next((voice for voice in voices if voice.name in names), None)
    if above is None or any(gain.is_constant and gain.base == 0 for gain in above.gains):
        return voices
    start = above.samples.start / SAMPLE_RATE_HZ
    stop = start + _sounding_s(above, facts[above.asset])
    return tuple(
        voice if voice is above else _lowered(voice, duck, start, stop) for voice in voices
    )


def _sounding_s(voice: Voice, known: MediaFacts) -> float:
    """Return how long a voice sounds: to its end, or to its source's."""
    length = len(voice.samples) / SAMPLE_RATE_HZ
    if voice.pass_s is not None:
        return length
    return min(length, max(0.0, (known.duration_s - float(voice.start_s)) / float(voice.speed)))


def _lowered(voice: Voice, duck: Duck, start_s: float, stop_s: float) -> Voice:
    """Return a voice lowered between two seconds of the timeline."""
    attack = ATTACK_S if duck.attack is None else duck.attack
    release = RELEASE_S if duck.release is None else duck.release
    first, last = (edge / SAMPLE_RATE_HZ for edge in (voice.samples.start, voice.samples.stop))
    if stop_s <= start_s or last <= start_s - attack or stop_s + release <= first:
        return voice
    low = 10 ** (duck.amount_db / 20)
    fall = Step(start_s - attack - first, attack, 1.0, low)
    rise = Step(stop_s - first, release, low, 1.0)
    return replace(voice, gains=(*voice.gains, Curve.of(1.0, [fall, rise])))
