"""From what an edit asks to be made of its timeline to the plan of making it."""

from dataclasses import replace

from vidgenie.core.edit.model import Output
from vidgenie.core.edit.output import finished_size
from vidgenie.core.geometry import Size
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.form import VIDEO_CODECS, Form
from vidgenie.core.plan.model import EncoderSettings, Plan
from vidgenie.core.plan.quality import PRESETS, rate_factor
from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.model import ResolvedTimeline


def plan_output(output: Output, timeline: ResolvedTimeline) -> Plan:
    """Plan an output: its pictures in chunks, its sound in one part, or only one of the two.

    Law: an image has one chunk of one frame, the first that is put out; a file of sound has no
    chunk, and a sound even where nothing sounds.
    """
    form = Form(output.format, output.quality or "medium", output.repeat)
    if form.kind == "sound":
        return Plan(timeline, (), EncoderSettings(), has_sound=True, form=form)
    if form.kind == "image":
        first = timeline.frames.start
        timeline = replace(timeline, frames=FrameRange(first, first + 1))
    is_mute = output.mute or form.sound is None
    made = plan(timeline, encoder=encoder_settings(output, timeline), is_mute=is_mute)
    return replace(made, form=form)


def encoder_settings(output: Output, timeline: ResolvedTimeline) -> EncoderSettings:
    """Return what the encoder of the pictures is told.

    An animation and an image are made from pictures kept without loss: their own coding needs all
    of them at once, or only one.
    """
    codec = output.codec or VIDEO_CODECS.get(output.format, "ffv1")
    size = Size(*finished_size(output))
    return EncoderSettings(
        crf=rate_factor(codec, output.quality or "medium"),
        preset=PRESETS[codec],
        codec=codec,
        has_alpha=not timeline.background.is_opaque,
        scale_to=None if size == timeline.size else size,
    )
