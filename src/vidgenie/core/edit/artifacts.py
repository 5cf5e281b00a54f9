"""Rules of value about the artifacts: what fits together, and what would leave nothing.

background_shows  a see-through background needs a format that keeps it
codec_of_mp4      `codec` chooses between those of an MP4; the other formats have one each
mute_leaves       a file of sound without sound is nothing
thumbnail_seen    a thumbnail has at least one pixel
"""

from collections.abc import Iterator

from vidgenie.core.color import Color
from vidgenie.core.edit.model import Output
from vidgenie.core.edit.output import KEEP_ALPHA, SOUNDS
from vidgenie.core.edit.wording import quoted
from vidgenie.errors import Problem


def check_artifacts(output: Output, background: str) -> Iterator[Problem]:
    """Yield what an output asks for and cannot have; `background` is the timeline's."""
    if output.codec is not None and output.format != "mp4":
        message = f"`codec` chooses the codec of an mp4; {output.format} has only one: leave it out"
        yield Problem("/output/codec", "wrong_value", message)
    if output.mute and output.format in SOUNDS:
        message = f"`mute` leaves nothing of a {output.format}: leave it out, or choose a video"
        yield Problem("/output/mute", "wrong_value", message)
    if output.thumbnail is not None and output.thumbnail.scale <= 0:
        message = "`scale` is 0; it must be above 0, such as 0.25 for a quarter of the frame"
        yield Problem("/output/thumbnail/scale", "out_of_range", message)
    yield from _background(output, background)


def _background(output: Output, text: str) -> Iterator[Problem]:
    try:
        color = Color.parse(text)
    except ValueError:
        return  # told as a colour that is none
    if color.is_opaque or output.format in KEEP_ALPHA or output.format in SOUNDS:
        return
    message = (
        f"`background` is {quoted(text)}, but nothing lies below it in {output.format}: write"
        f" #RRGGBB, or choose a format that keeps what is see-through: {', '.join(KEEP_ALPHA)}"
    )
    yield Problem("/timeline/background", "wrong_value", message)
