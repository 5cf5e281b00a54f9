"""What clips are called and who calls them: `alias://` in times, captions, masks and waveforms."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vidgenie.core.edit.model import (
    AudioAsset,
    AudiogramAsset,
    CaptionAsset,
    Clip,
    CompositionAsset,
    RichCaptionAsset,
    TextToSpeechAsset,
    Timeline,
    VideoAsset,
)
from vidgenie.core.edit.pending import NO_PROVIDER
from vidgenie.core.edit.wording import nearest, quoted
from vidgenie.errors import Problem

ALIAS = "alias://"

SPOKEN = (".mp4", ".mov", ".webm", ".mkv", ".m4v", ".mp3", ".wav", ".m4a", ".flac", ".aac", ".ogg")
"""Ends of addresses whose words somebody would have to write down first."""


class Use(NamedTuple):
    """A clip that names another: where, and for what."""

    path: str
    alias: str
    purpose: str


def named(value: float | str) -> str | None:
    """Return the alias that a text names."""
    is_alias = isinstance(value, str) and value.startswith(ALIAS)
    return value.removeprefix(ALIAS) if is_alias and isinstance(value, str) else None


def check_names(timeline: Timeline, place: str) -> Iterator[Problem]:
    """Yield aliases that are taken twice, that nobody has, or whose clips cannot serve."""
    clips: dict[str, tuple[str, Clip]] = {}
    left_out: set[str] = set()
    uses: list[Use] = []
    for t, track in enumerate(timeline.tracks):
        for c, clip in enumerate(track.clips):
            path = f"{place}/tracks/{t}/clips/{c}"
            if not clip.is_shown:
                left_out.add(clip.alias or "")
                continue
            uses += _uses(clip, path)
            if clip.alias is None:
                continue
            other = clips.setdefault(clip.alias, (path, clip))[0]
            if other != path:
                message = f"the alias {quoted(clip.alias)} is taken by {other}"
                yield Problem(f"{path}/alias", "duplicate", f"{message}; each clip has its own")
    audio = timeline.audio
    if audio is not None and audio.duck is not None:
        uses.append(Use(f"{place}/audio/duck/under", audio.duck.under, "sound"))
    for use in uses:
        if use.alias in clips:
            yield from _unfit(use, clips)
        else:
            yield _unknown(use, clips, left_out)
    yield from _masks_going_round(clips)


def _uses(clip: Clip, path: str) -> Iterator[Use]:
    for name in ("start", "length"):
        alias = named(getattr(clip, name))
        if alias is not None:
            yield Use(f"{path}/{name}", alias, name)
    if clip.mask is not None:
        yield Use(f"{path}/mask/src", clip.mask.src.removeprefix(ALIAS), "mask")
    match clip.asset:
        case AudiogramAsset(src=src):
            yield Use(f"{path}/asset/src", src.removeprefix(ALIAS), "sound")
        case CaptionAsset(src=src) | RichCaptionAsset(src=src):
            if (alias := named(src)) is not None:
                yield Use(f"{path}/asset/src", alias, "captions")


def _unknown(use: Use, clips: Mapping[str, object], left_out: set[str]) -> Problem:
    if use.alias in left_out:
        message = (
            f"the clip with the alias {quoted(use.alias)} is left out by its `condition`;"
            " give this one the same condition"
        )
        return Problem(use.path, "unknown_alias", message)
    near = nearest(use.alias, clips)
    hint = f'did you mean "{near}"?' if near else "give that clip an `alias`"
    message = f"no clip has the alias {quoted(use.alias)}; {hint}"
    return Problem(use.path, "unknown_alias", message)


def _unfit(use: Use, clips: Mapping[str, tuple[str, Clip]]) -> Iterator[Problem]:
    """Yield that the clip which is named has not what it is named for."""
    path, clip = clips[use.alias]
    asset = clip.asset
    if use.purpose == "mask" and use.path == f"{path}/mask/src":
        yield Problem(use.path, "circular_reference", "a clip cannot be its own mask")
    if use.purpose == "mask" and isinstance(asset, AudioAsset | TextToSpeechAsset):
        message = (
            f"the clip {quoted(use.alias)} is of type {quoted(asset.type)}, which shows nothing"
        )
        yield Problem(use.path, "wrong_value", message)
    if use.purpose == "sound" and not isinstance(
        asset, AudioAsset | VideoAsset | CompositionAsset | TextToSpeechAsset
    ):
        message = f"the clip {quoted(use.alias)} is of type {quoted(asset.type)}, which is silent"
        yield Problem(use.path, "wrong_value", message)
    if use.purpose == "captions":
        yield from _captions(use, clips)


def _captions(use: Use, clips: Mapping[str, tuple[str, Clip]]) -> Iterator[Problem]:
    """Yield that captions are taken from what has none written down, or from themselves."""
    asset = clips[use.alias][1].asset
    seen = {use.alias}
    while isinstance(asset, CaptionAsset | RichCaptionAsset):
        alias = named(asset.src)
        if alias is None or alias not in clips:
            return
        if alias in seen:
            message = f"the captions of {quoted(use.alias)} are taken from themselves"
            yield Problem(use.path, "circular_reference", message)
            return
        seen.add(alias)
        asset = clips[alias][1].asset
    message = (
        f"`src` names a clip of type {quoted(asset.type)}: to write down what is spoken there"
        f" {NO_PROVIDER}; name a caption file or clip, or give `words`"
    )
    yield Problem(use.path, "no_provider", message)


def check_captions(asset: CaptionAsset | RichCaptionAsset, path: str) -> Iterator[Problem]:
    """Yield that captions name a sound or a film, whose words would have to be written down."""
    if not asset.words and asset.src.partition("?")[0].lower().endswith(SPOKEN):
        message = (
            f"`src` is a sound or a film: to write down what is spoken there {NO_PROVIDER};"
            " name a caption file (SRT, VTT, TTML), or give `words`"
        )
        yield Problem(f"{path}/src", "no_provider", message)


def _masks_going_round(clips: Mapping[str, tuple[str, Clip]]) -> Iterator[Problem]:
    """Yield each clip that masks itself by way of others, once for each circle."""
    told: set[str] = set()
    for first in clips:
        walked = [first]
        while (following := _mask_of(clips[walked[-1]][1])) in clips and following not in walked:
            walked.append(following)
        if following == first and len(walked) > 1 and first not in told:
            message = f"the masks {' → '.join([*walked, first])} go round; leave one of them out"
            yield Problem(f"{clips[first][0]}/mask/src", "circular_reference", message)
            told.update(walked)


def _mask_of(clip: Clip) -> str:
    return clip.mask.src.removeprefix(ALIAS) if clip.mask is not None else ""
