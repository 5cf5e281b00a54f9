"""From raw JSON to an `Edit`, or every problem at once.

size limits → merge → models → rules
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from vidgenie.core.edit import limits
from vidgenie.core.edit.merge import merge, merge_values
from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.problems import problems_of, shown
from vidgenie.core.edit.rules import check
from vidgenie.errors import EditInvalid, Problem


def parse(document: Any, *, allow_local: bool = False) -> Edit:
    """Return the edit a document means.

    Paths of problems point into the document as it was sent. `allow_local` lets sources be local
    files: only the command line may.
    Raises: EditInvalid with every problem; MergeFieldsMissing naming every empty placeholder.
    """
    if not isinstance(document, Mapping):
        message = f"an edit is an object with `timeline` and `output`, not {shown(document)}"
        raise EditInvalid(problems=[Problem("", "wrong_type", message)])
    check_size(document)
    merged = merge(document, merge_values(document.get("merge")))
    try:
        edit = Edit.model_validate(merged)
    except ValidationError as error:
        found = problems_of(error, merged)
        raise EditInvalid(_summary(found), problems=found) from None
    broken = tuple(check(edit, allow_local=allow_local))[: limits.PROBLEMS_MAX]
    if broken:
        raise EditInvalid(_summary(broken), problems=broken)
    return edit


def _summary(problems: tuple[Problem, ...]) -> str:
    if len(problems) == 1:
        return f"The edit has a problem: {problems[0]}"
    return f"The edit has {len(problems)} problems; the first: {problems[0]}"


def check_size(document: Mapping[str, Any]) -> None:
    """Refuse documents too deep or too long before anything walks them.

    Raises: EditInvalid.
    """
    if _is_too_deep(document):
        message = f"the document is nested more than {limits.JSON_DEPTH_MAX} levels deep"
        raise EditInvalid(message, problems=[Problem("", "too_deep", message)])
    timeline = document.get("timeline")
    tracks = timeline.get("tracks") if isinstance(timeline, Mapping) else None
    if not isinstance(tracks, list):
        return
    if len(tracks) > limits.TRACKS_MAX:
        message = f"the timeline has {len(tracks)} tracks; at most {limits.TRACKS_MAX} are taken"
        raise EditInvalid(message, problems=[Problem("/timeline/tracks", "too_many", message)])
    lists = [track.get("clips") for track in tracks if isinstance(track, Mapping)]
    count = sum(len(clips) for clips in lists if isinstance(clips, list))
    if count > limits.CLIPS_MAX:
        message = (
            f"the timeline has {count} clips; at most {limits.CLIPS_MAX} are taken:"
            " render it in parts and join those"
        )
        raise EditInvalid(message, problems=[Problem("/timeline/tracks", "too_many", message)])


def _is_too_deep(document: Any) -> bool:
    level = [document]
    for _ in range(limits.JSON_DEPTH_MAX):
        level = [
            entry
            for value in level
            if isinstance(value, Mapping | list)
            for entry in (value.values() if isinstance(value, Mapping) else value)
            if isinstance(entry, Mapping | list)
        ]
        if not level:
            return False
    return True
