"""Rules of value about the artifacts: what fits together, and what would leave nothing.

codec_of_mp4      `codec` chooses between those of an MP4; the other formats have one each
mute_leaves       a file of sound without sound is nothing
subtitles_held    the format has a track for subtitles, and time beside which they can be read
thumbnail_seen    a thumbnail has at least one pixel
"""

from collections.abc import Iterator

from vidgenie.core.edit.limits import Format
from vidgenie.core.edit.model import Output, Subtitles
from vidgenie.core.edit.output import IMAGES, SOUNDS
from vidgenie.errors import Problem


def check_artifacts(output: Output) -> Iterator[Problem]:
    """Yield what an output asks for and cannot have."""
    if output.codec is not None and output.format != "mp4":
        message = f"`codec` chooses the codec of an mp4; {output.format} has only one: leave it out"
        yield Problem("/output/codec", "wrong_value", message)
    if output.mute and output.format in SOUNDS:
        message = f"`mute` leaves nothing of a {output.format}: leave it out, or choose a video"
        yield Problem("/output/mute", "wrong_value", message)
    if output.thumbnail is not None and output.thumbnail.scale <= 0:
        message = "`scale` is 0; it must be above 0, such as 0.25 for a quarter of the frame"
        yield Problem("/output/thumbnail/scale", "out_of_range", message)
    if output.subtitles is not None:
        yield from _subtitles(output.subtitles, output.format)


def _subtitles(wanted: Subtitles, form: Format) -> Iterator[Problem]:
    place = "/output/subtitles"
    if wanted.embed and form not in ("mp4", "mov"):
        message = f'`embed` needs mp4 or mov, {form} is made without: write `"sidecar": ["vtt"]`'
        yield Problem(f"{place}/embed", "wrong_value", message)
    if wanted.sidecar and form in IMAGES:
        message = f"a {form} is one picture: subtitles beside it would have no times"
        yield Problem(f"{place}/sidecar", "wrong_value", message)
    if len(set(wanted.sidecar)) < len(wanted.sidecar):
        message = "`sidecar` names a format twice; each is written once"
        yield Problem(f"{place}/sidecar", "wrong_value", message)
