"""The parts of a plan into the finished file, by the kind of its form."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from vidgenie.core.plan.form import Form
from vidgenie.core.timebase import FrameRate
from vidgenie.engine.artifact.animate import animate
from vidgenie.engine.stitch import measured, stitch
from vidgenie.engine.values import Stitched
from vidgenie.errors import MuxError


def finish(
    form: Form,
    chunks: Sequence[Path],
    sound: Path | None,
    target: Path,
    grid: tuple[FrameRate, int],
) -> Stitched:
    """Make the finished file of its parts; `grid` are its rate and how many frames it has.

    Raises: MuxError, also when the parts do not hold so many frames; EncodeError; OutOfSpace.
    """
    rate, frames = grid
    duration_s = float(rate.seconds_at(frames))
    match form.kind:
        case "video":
            texts = form.subtitles if form.subtitles is not None and form.subtitles.embed else None
            made = stitch(chunks, sound, target, rate, form.format, subtitles=texts)
        case "animation":
            made = animate(chunks, target, rate, form)
        case "image":
            shutil.copyfile(chunks[0], target)
            return measured(target, frames=1, duration_s=duration_s)
        case "sound":
            assert sound is not None
            shutil.copyfile(sound, target)
            return measured(target, frames=0, duration_s=duration_s)
    if made.frames != frames:
        target.unlink(missing_ok=True)
        raise MuxError(f"The parts hold {made.frames} frames; the plan has {frames}.")
    return made
