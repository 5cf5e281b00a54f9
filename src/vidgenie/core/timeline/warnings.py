"""What will not fail the render, but may not be what was meant."""

from collections.abc import Callable, Collection, Iterator, Mapping

from vidgenie.core.edit.model import (
    AudioAsset,
    CaptionAsset,
    Edit,
    RichCaptionAsset,
    RichTextAsset,
    TextAsset,
    TitleAsset,
    VideoAsset,
)
from vidgenie.core.edit.references import each_clip
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.fonts import FALLBACK, find_family, name_of_address, substitute_for
from vidgenie.core.timeline.timing import schedule
from vidgenie.errors import Problem

SLACK_S = 0.05
"""A clip that outlasts its source by less is meant to end with it: durations are rounded."""


PLAIN_BELOW = "\u0250"
"""Every font at hand has the letters before this one: Latin with its accents."""


def warnings(
    edit: Edit,
    facts: Mapping[str, MediaFacts],
    families: Collection[str],
    missing: Callable[[str], str],
) -> tuple[Problem, ...]:
    """Return every warning, with the JSON Pointer of what it is about.

    `missing` returns the characters of a text that no font at hand has; it is asked only about
    texts that go beyond Latin.
    """
    return (
        *_fonts(edit, facts, families),
        *_glyphs(edit, missing),
        *_overruns(edit, facts),
        *_captions(edit, facts),
    )


def _captions(edit: Edit, facts: Mapping[str, MediaFacts]) -> Iterator[Problem]:
    """Yield what of caption files is not shown."""
    for track, index, clip in each_clip(edit.timeline):
        asset = clip.asset
        if isinstance(asset, CaptionAsset | RichCaptionAsset) and not asset.words:
            known = facts[asset.src].captions if asset.src in facts else None
            for note in known.notes if known is not None else ():
                path = f"/timeline/tracks/{track}/clips/{index}/asset/src"
                yield Problem(path, "captions_simplified", note)


def _glyphs(edit: Edit, missing: Callable[[str], str]) -> Iterator[Problem]:
    for track, index, clip in each_clip(edit.timeline):
        asset = clip.asset
        if not isinstance(asset, TextAsset | RichTextAsset | TitleAsset):
            continue
        if edit.timeline.fonts or all(letter < PLAIN_BELOW for letter in asset.text):
            continue
        lost = missing(asset.text)
        if lost:
            signs = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in lost[:8])
            message = f"no font here has {signs}; a box is shown instead"
            path = f"/timeline/tracks/{track}/clips/{index}/asset/text"
            yield Problem(path, "glyph_missing", message)


def _fonts(
    edit: Edit, facts: Mapping[str, MediaFacts], families: Collection[str]
) -> Iterator[Problem]:
    own = [font.src for font in edit.timeline.fonts]
    names = [name_of_address(src) for src in own]
    for src in own:
        known = facts[src].font if src in facts else None
        names += [known.family, known.full_name] if known else []
    for track, index, clip in each_clip(edit.timeline):
        if not isinstance(clip.asset, TextAsset | RichTextAsset | CaptionAsset | RichCaptionAsset):
            continue
        family = clip.asset.font.family
        if family is None:
            continue
        if find_family(family, (*names, *families)) is not None:
            continue
        other = substitute_for(family)
        shown = other.family if other is not None and other.family in families else FALLBACK
        message = (
            f"the font family {family!r} is not here, {shown} is shown instead;"
            f" here are {', '.join(families)}"
        )
        path = f"/timeline/tracks/{track}/clips/{index}/asset/font/family"
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
