"""How large a document may be, checked before anything walks it or copies it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vidgenie.core.edit import limits
from vidgenie.core.edit.wording import pointer
from vidgenie.errors import EditInvalid, Problem


def check_size(document: Mapping[str, Any]) -> None:
    """Refuse documents too deep or too long, and texts that no file and no database can keep.

    Raises: EditInvalid.
    """
    _check_counts(document.get("timeline"))
    _check_values(document)


def _check_counts(timeline: Any) -> None:
    """Count tracks and clips, those of compositions among them, level by level."""
    count = 0
    level = [timeline]
    for _ in range(limits.JSON_DEPTH_MAX):
        lists = [_tracks(entry) for entry in level]
        for tracks in lists:
            if len(tracks) > limits.TRACKS_MAX:
                message = f"a timeline has {len(tracks)} tracks; at most {limits.TRACKS_MAX}"
                raise _refused("/timeline/tracks", "too_many", f"{message} are taken")
        clips = [clip for tracks in lists for track in tracks for clip in _clips(track)]
        count += len(clips)
        if count > limits.CLIPS_MAX:
            message = (
                f"the timeline has {count} clips; at most {limits.CLIPS_MAX} are taken:"
                " render it in parts and join those"
            )
            raise _refused("/timeline/tracks", "too_many", message)
        level = [inner for clip in clips if (inner := _inner_timeline(clip)) is not None]
        if not level:
            return


def _tracks(timeline: Any) -> list[Any]:
    tracks = timeline.get("tracks") if isinstance(timeline, Mapping) else None
    return tracks if isinstance(tracks, list) else []


def _clips(track: Any) -> list[Any]:
    clips = track.get("clips") if isinstance(track, Mapping) else None
    return clips if isinstance(clips, list) else []


def _inner_timeline(clip: Any) -> Any:
    asset = clip.get("asset") if isinstance(clip, Mapping) else None
    return asset.get("timeline") if isinstance(asset, Mapping) else None


def _check_values(document: Mapping[str, Any]) -> None:
    """Walk level by level: neither depth nor number can exhaust anything."""
    level: list[Any] = [document]
    count = 1
    for _ in range(limits.JSON_DEPTH_MAX):
        count += sum(len(value) for value in level)
        if count > limits.VALUES_MAX:
            message = f"the document has more than {limits.VALUES_MAX} values; use fewer"
            raise _refused("", "too_many", message)
        following = [entry for value in level for entry in _entries(value)]
        if not _can_be_kept("".join([entry for entry in following if isinstance(entry, str)])):
            message = "a text has a NUL character or half a surrogate pair; leave that out"
            raise _refused(_find(document), "wrong_value", message)
        level = [entry for entry in following if isinstance(entry, dict | list)]
        if not level:
            return
    message = f"the document is nested more than {limits.JSON_DEPTH_MAX} levels deep"
    raise _refused("", "too_deep", message)


def _entries(value: Any) -> Iterator[Any]:
    if type(value) is dict or isinstance(value, Mapping):
        yield from value
        yield from value.values()
    else:
        yield from value


def _can_be_kept(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _find(document: Any) -> str:
    """Return where the first text stands that cannot be kept: for a member's name, its object."""
    level: list[tuple[str, Any]] = [("", document)]
    while level:
        for path, value in level:
            texts = value if isinstance(value, Mapping) else [value]
            if not all(_can_be_kept(text) for text in texts if isinstance(text, str)):
                return path
        level = [
            (f"{path}{pointer([key])}", entry)
            for path, value in level
            for key, entry in _members(value)
        ]
    return ""


def _members(value: Any) -> Iterable[tuple[int | str, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _refused(path: str, code: str, message: str) -> EditInvalid:
    return EditInvalid(
        f"{message[0].upper()}{message[1:]}.", problems=[Problem(path, code, message)]
    )
