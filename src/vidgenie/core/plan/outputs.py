"""From what an edit asks to be made of its timeline to the plan of making it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import floor

from vidgenie.core.edit.model import Output
from vidgenie.core.edit.output import finished_size
from vidgenie.core.geometry import Size
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.form import VIDEO_CODECS, Form
from vidgenie.core.plan.model import EncoderSettings, Plan
from vidgenie.core.plan.quality import PRESETS, rate_factor
from vidgenie.core.plan.subtitles import subtitles_of
from vidgenie.core.timebase import FrameRange, exact_seconds
from vidgenie.core.timeline.model import ResolvedTimeline


def plan_output(output: Output, timeline: ResolvedTimeline, *, size: Size | None = None) -> Plan:
    """Plan an output: its pictures in chunks, its sound in one part, or only one of the two.

    `size` is that of the finished frame where the output does not say it.

    Law: an image has one chunk of one frame, the first that is put out; a file of sound has no
    chunk, and a sound even where nothing sounds.
    """
    texts = subtitles_of(output, timeline)
    form = Form(output.format, output.quality or "medium", output.repeat, texts)
    if form.kind == "sound":
        return Plan(timeline, (), EncoderSettings(), has_sound=True, form=form)
    if form.kind == "image":
        first = timeline.frames.start
        timeline = replace(timeline, frames=FrameRange(first, first + 1))
    is_mute = output.mute or form.sound is None
    encoder = encoder_settings(output, timeline, size)
    # A ladder's rungs begin their segments at the same frames: at ours, not at a source's GOPs.
    made = plan(timeline, encoder=encoder, is_mute=is_mute, can_copy=not output.hls)
    return replace(made, form=form)


@dataclass(frozen=True, slots=True)
class Still:
    """A picture beside the output: frame `frame` of the timeline, as a JPEG of this size."""

    frame: int
    size: Size


def stills_of(output: Output, plan: Plan) -> Mapping[str, Still]:
    """Return the poster and the thumbnail an output asks for, by these names.

    Their times are the timeline's. Where a time lies outside of what is put out, the nearest frame
    that is put out is taken.
    """
    wanted: dict[str, tuple[float, float]] = {}
    if output.poster is not None:
        wanted["poster"] = (output.poster.capture, 1.0)
    if output.thumbnail is not None:
        wanted["thumbnail"] = (output.thumbnail.capture, output.thumbnail.scale)
    return {
        name: Still(_frame_at(plan, seconds), _share(plan.size, scale))
        for name, (seconds, scale) in wanted.items()
    }


def _frame_at(plan: Plan, seconds: float) -> int:
    """Return the frame that is shown at a time."""
    frames, rate = plan.timeline.frames, plan.timeline.rate
    shown = floor(exact_seconds(seconds) * rate.fraction)
    return min(max(shown, frames.start), frames.stop - 1)


def _share(size: Size, scale: float) -> Size:
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


def encoder_settings(
    output: Output, timeline: ResolvedTimeline, size: Size | None = None
) -> EncoderSettings:
    """Return what the encoder of the pictures is told.

    An animation and an image are made from pictures kept without loss: their own coding needs all
    of them at once, or only one.
    """
    codec = output.codec or VIDEO_CODECS.get(output.format, "ffv1")
    size = size or Size(*finished_size(output))
    return EncoderSettings(
        crf=rate_factor(codec, output.quality or "medium"),
        preset=PRESETS[codec],
        codec=codec,
        has_alpha=not timeline.background.is_opaque,
        scale_to=None if size == timeline.size else size,
    )
