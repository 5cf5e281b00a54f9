"""Rules of value about the artifacts: what fits together, and what would leave nothing.

codec_of_mp4      `codec` chooses between those of an MP4; the other formats have one each
renditions_told   each rendition has a name of its own, and one shape
hls_of_h264       a ladder is made of H.264 in MP4, which every player of HLS plays
mute_leaves       a file of sound without sound is nothing
subtitles_held    the format has a track for subtitles, and time beside which they can be read
thumbnail_seen    a thumbnail has at least one pixel
destinations      a destination is one of the account's, and says at most how a file is called there
"""

from collections.abc import Iterator, Mapping
from typing import Any

from vidgenie.core.edit import limits
from vidgenie.core.edit.limits import FRAME_AREA_MAX, Format
from vidgenie.core.edit.model import Destination, Output, Subtitles
from vidgenie.core.edit.output import IMAGES, SOUNDS
from vidgenie.core.edit.wording import cut, escape, nearest, one_of, quoted
from vidgenie.errors import Problem

HERE = "shotstack"
"""The provider that means this server's own storage."""

MEMBERS = ("id", "provider", "options")
PATH_OPTIONS = ("prefix", "filename")
ACLS = (
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
)
"""Who may read an object, in S3's words; most buckets take none, their policy says it."""

S3_OPTIONS = ("region", "bucket", *PATH_OPTIONS, "acl")

SIDE_NAMES = ("poster", "thumb", "hls", "main", "master")
"""Names of what else lies beside an output, and within its ladder."""


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
    for index, destination in enumerate(output.destinations):
        yield from _destination(destination, f"/output/destinations/{index}")
    yield from _renditions(output)
    if output.hls and (output.format != "mp4" or output.codec not in (None, "h264")):
        message = "`hls` is made of H.264 in mp4: leave `codec` out, with `format` mp4"
        yield Problem("/output/hls", "wrong_value", message)


def _renditions(output: Output) -> Iterator[Problem]:
    known: set[str] = set()
    for index, wanted in enumerate(output.renditions):
        place = f"/output/renditions/{index}"
        if wanted.name.lower() in known:
            message = f"two renditions are named {wanted.name}: each file needs a name of its own"
            yield Problem(f"{place}/name", "wrong_value", message)
        known.add(wanted.name.lower())
        if wanted.name.lower() in SIDE_NAMES:
            message = f"{wanted.name} is what another file beside the output is named; choose anew"
            yield Problem(f"{place}/name", "wrong_value", message)
        if wanted.size is not None and (wanted.resolution or wanted.aspect_ratio):
            message = "`size` says all: leave `resolution` and `aspectRatio` out, or `size`"
            yield Problem(f"{place}/size", "wrong_value", message)
        area = (wanted.size.width or 0) * (wanted.size.height or 0) if wanted.size else 0
        if area > FRAME_AREA_MAX:
            message = f"a frame has at most {FRAME_AREA_MAX} pixels (4k); this has {area}"
            yield Problem(f"{place}/size", "out_of_range", message)


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


def _destination(destination: Destination, path: str) -> Iterator[Problem]:
    """Yield what is wrong with one destination; which there are is known when it is submitted."""
    is_named, has_provider = destination.id is not None, destination.provider is not None
    if is_named == has_provider:
        message = "a destination has either `id`, one of the account's, or `provider`"
        yield Problem(path, "wrong_value", message)
        return
    options = destination.options or {}
    if is_named or destination.provider == "s3":
        yield from _members(destination, path)
    if is_named:
        yield from _options(options, PATH_OPTIONS, f"{path}/options")
    elif destination.provider == "s3":
        yield from _options(options, S3_OPTIONS, f"{path}/options")
        for name in ("region", "bucket"):
            if not options.get(name):
                message = f"`{name}` is missing: it says which of the account's buckets is meant"
                yield Problem(f"{path}/options/{name}", "missing", message)
        if options.get("acl", "private") not in ACLS:
            message = f"`acl` is {quoted(options['acl'])}; it must be {one_of(ACLS)}"
            yield Problem(f"{path}/options/acl", "unknown_value", message)


def _members(destination: Destination, path: str) -> Iterator[Problem]:
    """Yield members that change nothing; what providers elsewhere take is their own affair."""
    for name in destination.model_extra or ():
        yield Problem(f"{path}/{escape(name)}", "unknown_field", _unknown(name, MEMBERS))
    if destination.exclude:
        message = f'`exclude` goes with the provider "{HERE}", which keeps the files here'
        yield Problem(f"{path}/exclude", "wrong_value", message)


def _unknown(name: str, known: tuple[str, ...]) -> str:
    near = nearest(name, known)
    hint = f"; did you mean `{near}`?" if near else ""
    return f"`{cut(name)}` is not taken here; accepted is {one_of(known)}{hint}"


def path_problem(text: str) -> str | None:
    """Say what is wrong with a place in a bucket, parts joined by `/`; None when it is good."""
    if len(text) > limits.DESTINATION_PATH_MAX:
        return f"has {len(text)} characters; at most {limits.DESTINATION_PATH_MAX} are accepted"
    if not text.isprintable():
        return "has characters that cannot be printed"
    if any(part in ("", ".", "..") for part in text.strip("/").split("/")):
        return "has an empty part, `.` or `..`; write parts like 2026/spring"
    return None


def _options(options: Mapping[str, Any], known: tuple[str, ...], path: str) -> Iterator[Problem]:
    for name, value in options.items():
        if name not in known:
            yield Problem(f"{path}/{escape(name)}", "unknown_field", _unknown(name, known))
        elif not isinstance(value, str):
            yield Problem(f"{path}/{name}", "wrong_type", f"`{name}` is a text")
        elif name in PATH_OPTIONS and value and (wrong := path_problem(value)):
            yield Problem(f"{path}/{name}", "wrong_value", f"`{name}` {wrong}")
