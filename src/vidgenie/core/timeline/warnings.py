"""What will not fail the render, but may not be what was meant."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from vidgenie.core.color import Color
from vidgenie.core.edit.limits import OFFSET_MAX
from vidgenie.core.edit.model import (
    AudioAsset,
    CaptionAsset,
    Clip,
    CompositionAsset,
    Edit,
    HtmlAsset,
    LottieAsset,
    Output,
    RichCaptionAsset,
    RichTextAsset,
    SvgAsset,
    TextAsset,
    Timeline,
    TitleAsset,
    VideoAsset,
)
from vidgenie.core.edit.output import KEEP_ALPHA, SOUNDS, frame_size, units_of
from vidgenie.core.edit.references import each_clip
from vidgenie.core.edit.rules import moving_of
from vidgenie.core.edit.wording import cut, quoted
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.fonts import FALLBACK, find_family, name_of_address, substitute_for
from vidgenie.core.timeline.graphics.clip_caption import caption_of
from vidgenie.core.timeline.graphics.html import families_named
from vidgenie.core.timeline.graphics.lottie import lottie_of
from vidgenie.core.timeline.graphics.nested import edit_of
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.timing import schedule
from vidgenie.errors import Problem

SLACK_S = 0.05
"""A clip that outlasts its source by less is meant to end with it: durations are rounded."""


SVG_TEXT = re.compile(r"<(?:\w+:)?text[\s>]")

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
        *_long_captions(edit, facts),
        *_animations(edit, facts),
        *_nested(edit, facts, families, missing),
        *_no_subtitles(edit),
        *_destinations(edit),
        *_background(edit),
        *_late_tweens(edit, facts),
        *_units(edit),
        *_svg_texts(edit),
    )


def _svg_texts(edit: Edit) -> Iterator[Problem]:
    """Yield which drawings hold words: they are not drawn, here as little as at Shotstack."""
    for track, index, clip in each_clip(edit.timeline):
        if isinstance(clip.asset, SvgAsset) and SVG_TEXT.search(clip.asset.src):
            message = "<text> of an SVG is not drawn; take a clip of type rich-text for it"
            path = f"/timeline/tracks/{track}/clips/{index}/asset/src"
            yield Problem(path, "svg_text", message)


def _units(edit: Edit) -> Iterator[Problem]:
    """Yield which places look as if they counted the other unit: frames for pixels, or pixels."""
    units = units_of(edit)
    for track, index, clip in each_clip(edit.timeline):
        for name, value in _places(clip):
            path = f"/timeline/tracks/{track}/clips/{index}/{name}"
            if units == "px" and 0 < abs(value) < 1:
                message = (
                    f"`{name[-1]}` is {value:g}, which is less than a pixel: offsets count pixels"
                    ' here; for fractions of the frame, say `"units": "fraction"` in `timeline`'
                )
                yield Problem(path, "offset_tiny", message)
            elif units == "fraction" and abs(value) > OFFSET_MAX:
                message = (
                    f"`{name[-1]}` is {value:g} frames, far off the picture: offsets count frames"
                    ' here; for pixels, say `"units": "px"` in `timeline`'
                )
                yield Problem(path, "offset_huge", message)


def _places(clip: Clip) -> Iterator[tuple[str, float]]:
    """Yield the numbers of a clip's offset and of its keyframes' places, by where they stand."""
    offset, frames = clip.offset, clip.transform and clip.transform.keyframes
    for name in ("x", "y"):
        value = getattr(offset, name, None)
        if isinstance(value, float):
            yield f"offset/{name}", value
        for number, keyframe in enumerate(frames or ()):
            value = getattr(keyframe, name)
            if value is not None:
                yield f"transform/keyframes/{number}/{name}", value


def _background(edit: Edit) -> Iterator[Problem]:
    text, form = edit.timeline.background, edit.output.format
    if form in KEEP_ALPHA or form in SOUNDS or Color.parse(text).is_opaque:
        return
    message = (
        f"`background` is {quoted(text)}; {form} keeps nothing see-through, so black lies below it"
        f" (what is see-through stays so in {', '.join(KEEP_ALPHA)})"
    )
    yield Problem("/timeline/background", "background_on_black", message)


def _late_tweens(edit: Edit, facts: Mapping[str, MediaFacts]) -> Iterator[Problem]:
    """Yield which tweens outlast their clips: their ends are not seen."""
    times = schedule(edit, facts)
    for track, index, clip in each_clip(edit.timeline):
        length = times.clips[track, index].length if clip.is_shown else float("inf")
        for name, value in moving_of(clip):
            for number, tween in enumerate(value if isinstance(value, tuple) else ()):
                stop = (tween.start or 0.0) + (tween.length or 0.0)
                if stop <= length + SLACK_S:
                    continue
                message = (
                    f"the tween ends at {stop:g} s, but its clip is only {length:g} s long;"
                    " what comes after that is not seen"
                )
                path = f"/timeline/tracks/{track}/clips/{index}/{name}/{number}/length"
                yield Problem(path, "tween_too_long", message)


def _destinations(edit: Edit) -> Iterator[Problem]:
    """Yield which copies nobody makes: no account has a destination of such a provider."""
    for number, destination in enumerate(edit.output.destinations):
        if destination.provider not in (None, "s3", "shotstack"):
            message = f"no copy is sent to {cut(destination.provider)}: the files stay here"
            path = f"/output/destinations/{number}/provider"
            yield Problem(path, "destination_unknown", message)


def _no_subtitles(edit: Edit) -> Iterator[Problem]:
    if edit.output.subtitles is not None and not _is_captioned(edit.timeline):
        message = "nothing of the timeline has captions: the subtitles are empty"
        yield Problem("/output/subtitles", "no_captions", message)


def _is_captioned(timeline: Timeline) -> bool:
    clips = [clip for _, _, clip in each_clip(timeline) if clip.is_shown]
    return any(
        isinstance(clip.asset, CaptionAsset | RichCaptionAsset)
        or clip.caption is not None
        or (isinstance(clip.asset, CompositionAsset) and _is_captioned(clip.asset.timeline))
        for clip in clips
    )


def _nested(
    edit: Edit,
    facts: Mapping[str, MediaFacts],
    families: Collection[str],
    missing: Callable[[str], str],
) -> Iterator[Problem]:
    """Yield the warnings of compositions, each with its place in the whole edit."""
    fonts = [font.src for font in edit.timeline.fonts]
    for track, index, clip in each_clip(edit.timeline):
        if isinstance(clip.asset, CompositionAsset):
            place = f"/timeline/tracks/{track}/clips/{index}/asset"
            inner = edit_of(clip.asset, fonts).model_copy(update={"output": _output(edit, clip)})
            for one in warnings(inner, facts, families, missing):
                yield replace(one, path=place + one.path)


def _output(edit: Edit, clip: Clip) -> Output:
    """Return an output of the size of a composition's box."""
    asset = clip.asset
    assert isinstance(asset, CompositionAsset), asset
    box = Scene(Size(*frame_size(edit.output)), {}).box(clip, asset.width, asset.height)
    return Output.model_construct(format="mp4", width=box.width, height=box.height)


def _long_captions(edit: Edit, facts: Mapping[str, MediaFacts]) -> Iterator[Problem]:
    """Yield which clips are too short for the pages of their caption."""
    times = schedule(edit, facts)
    for track, index, clip in each_clip(edit.timeline):
        if clip.caption is None or not clip.is_shown:
            continue
        scene = Scene(Size(*frame_size(edit.output)), facts)
        made = caption_of(clip.caption, scene, times.clips[track, index].length)
        if made.left_out:
            count = len(made.pages) + made.left_out
            message = (
                f"the clip ends before its caption: {made.left_out} of {count} pages are not shown"
            )
            path = f"/timeline/tracks/{track}/clips/{index}/caption"
            yield Problem(path, "caption_too_long", message)


def _captions(edit: Edit, facts: Mapping[str, MediaFacts]) -> Iterator[Problem]:
    """Yield what of caption files is not shown."""
    for track, index, clip in each_clip(edit.timeline):
        asset = clip.asset
        if isinstance(asset, CaptionAsset | RichCaptionAsset) and not asset.words:
            known = facts[asset.src].captions if asset.src in facts else None
            for note in known.notes if known is not None else ():
                path = f"/timeline/tracks/{track}/clips/{index}/asset/src"
                yield Problem(path, "captions_simplified", note)


def _animations(edit: Edit, facts: Mapping[str, MediaFacts]) -> Iterator[Problem]:
    """Yield what of Lottie animations is not drawn."""
    for track, index, clip in each_clip(edit.timeline):
        asset = clip.asset
        known = lottie_of(asset, facts) if isinstance(asset, LottieAsset) else None
        for note in known.notes if known is not None else ():
            name = "src" if getattr(asset, "src", "") else "data"
            path = f"/timeline/tracks/{track}/clips/{index}/asset/{name}"
            yield Problem(path, "animation_simplified", note)


def _glyphs(edit: Edit, missing: Callable[[str], str]) -> Iterator[Problem]:
    for track, index, clip in each_clip(edit.timeline):
        for part, text in _texts(clip):
            if edit.timeline.fonts or all(letter < PLAIN_BELOW for letter in text):
                continue
            lost = missing(text)
            if lost:
                signs = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in lost[:8])
                message = f"no font here has {signs}; a box is shown instead"
                path = f"/timeline/tracks/{track}/clips/{index}/{part}/text"
                yield Problem(path, "glyph_missing", message)


def _texts(clip: Clip) -> Iterator[tuple[str, str]]:
    """Yield the texts that a clip sets, by the part of it that does."""
    if isinstance(clip.asset, TextAsset | RichTextAsset | TitleAsset):
        yield "asset", clip.asset.text
    if clip.caption is not None:
        yield "caption", clip.caption.text


def _fonts(
    edit: Edit, facts: Mapping[str, MediaFacts], families: Collection[str]
) -> Iterator[Problem]:
    own = [font.src for font in edit.timeline.fonts]
    names = [name_of_address(src) for src in own]
    for src in own:
        known = facts[src].font if src in facts else None
        names += [known.family, known.full_name] if known else []
    for track, index, clip in each_clip(edit.timeline):
        for part, listed in _families(clip):
            if any(find_family(family, (*names, *families)) for family in listed):
                continue
            others = [other.family for family in listed if (other := substitute_for(family))]
            shown = next((other for other in others if other in families), FALLBACK)
            message = (
                f"the font family {listed[0]!r} is not here, {shown} is shown instead;"
                f" here are {', '.join(families)}"
            )
            path = f"/timeline/tracks/{track}/clips/{index}/{part}"
            yield Problem(path, "font_replaced", message)


def _families(clip: Clip) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the font families that a clip names, by the part of it that does.

    A page may name several, of which the first one at hand is shown.
    """
    asset, caption = clip.asset, clip.caption
    family = None
    if isinstance(asset, TextAsset | RichTextAsset | CaptionAsset | RichCaptionAsset):
        family = asset.font.family
    if family is not None:
        yield "asset/font/family", (family,)
    if isinstance(asset, HtmlAsset):
        for listed in families_named(asset):
            is_styled = listed[0] in (asset.css or "")
            yield "asset/css" if is_styled else "asset/html", listed
    if caption is not None and caption.font is not None and caption.font.family is not None:
        yield "caption/font/family", (caption.font.family,)


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
