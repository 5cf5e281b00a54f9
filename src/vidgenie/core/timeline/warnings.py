"""What will not fail the render, but may not be what was meant."""

from collections.abc import Collection, Iterator, Mapping

from vidgenie.core.edit.model import AudioAsset, Edit, TextAsset, VideoAsset
from vidgenie.core.edit.references import each_clip
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.timing import schedule
from vidgenie.errors import Problem

SLACK_S = 0.05
"""A clip that outlasts its source by less is meant to end with it: durations are rounded."""


def same_family(one: str, other: str) -> bool:
    """Tell whether two spellings name one font family: "OpenSans" and "open sans" do."""
    return _spelt(one) == _spelt(other)


def _spelt(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def warnings(
    edit: Edit, facts: Mapping[str, MediaFacts], families: Collection[str]
) -> tuple[Problem, ...]:
    """Return every warning, with the JSON Pointer of what it is about."""
    return (*_fonts(edit, families), *_overruns(edit, facts))


def _fonts(edit: Edit, families: Collection[str]) -> Iterator[Problem]:
    for track, index, clip in each_clip(edit.timeline):
        if not isinstance(clip.asset, TextAsset) or clip.asset.font.family is None:
            continue
        family = clip.asset.font.family
        if not any(same_family(family, known) for known in families):
            path = f"/timeline/tracks/{track}/clips/{index}/asset/font/family"
            message = (
                f"the font family {family!r} is not here, Open Sans is shown instead;"
                f" here are {', '.join(families)}"
            )
            yield Problem(path, "font_replaced", message)


def _overruns(edit: Edit, facts: Mapping[str, MediaFacts]) -> Iterator[Problem]:
    times = schedule(edit, facts)
    for (track, index), when in times.clips.items():
        asset = edit.timeline.tracks[track].clips[index].asset
        if not isinstance(asset, VideoAsset | AudioAsset):
            continue
        if asset.loop or not asset.speed:
            continue
        left = facts[asset.src].duration_s / asset.speed - asset.trim
        if when.length > left + SLACK_S:
            after = "its last frame is held" if isinstance(asset, VideoAsset) else "silence follows"
            message = (
                f"the clip is {when.length:g} s long, but its source has only {max(0.0, left):g} s"
                f" from `trim` on; {after}"
            )
            path = f"/timeline/tracks/{track}/clips/{index}/length"
            yield Problem(path, "source_too_short", message)
