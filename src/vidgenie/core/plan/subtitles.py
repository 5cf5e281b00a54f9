"""Captions as text: what is read when, as a track of the file and as files beside it (SRT, VTT)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.facts import Cue
from vidgenie.core.timeline.graphics.captions import Captions
from vidgenie.core.timeline.graphics.composition import CompositionContent
from vidgenie.core.timeline.model import PlacedClip, ResolvedTimeline

if TYPE_CHECKING:  # a renderer's child reads what is here, and no document
    from vidgenie.core.edit.model import Output

Sidecar = Literal["srt", "vtt"]

LANGUAGES = {
    "ar": "ara", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu",
    "el": "ell", "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra",
    "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn",
    "ko": "kor", "lt": "lit", "lv": "lav", "ms": "msa", "nb": "nob", "nl": "nld", "no": "nor",
    "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sr": "srp",
    "sv": "swe", "ta": "tam", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie",
    "zh": "zho",
}  # fmt: skip
"""How MP4 names a language (ISO 639-2/T), by how edits do (ISO 639-1)."""

UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class Subtitles:
    """Cues in seconds of the file, one after the other. `language` is in three letters."""

    cues: tuple[Cue, ...]
    language: str = UNKNOWN
    embed: bool = False
    sidecar: tuple[Sidecar, ...] = ()


def subtitles_of(output: "Output", timeline: ResolvedTimeline) -> Subtitles | None:
    """Return the subtitles that an output asks for; None where it does not."""
    wanted = output.subtitles
    if wanted is None or not (wanted.embed or wanted.sidecar):
        return None
    shown = tuple(_captions(timeline, timeline.frames))
    said = next((captions.language for captions, _, _ in shown if captions.language), "")
    primary = said.partition("-")[0].lower()
    language = LANGUAGES.get(primary, primary if len(primary) == 3 else UNKNOWN)
    return Subtitles(_in_order(shown, timeline), language, wanted.embed, wanted.sidecar)


Shown = tuple[Captions, FrameRange, int]
"""Captions, the frames of the output in which they show, and the frame at which they begin."""


def _captions(timeline: ResolvedTimeline, window: FrameRange) -> Iterator[Shown]:
    """Yield captions that show within a window, those of compositions at their place."""
    for clip in timeline.clips:
        frames = _shared(clip.frames, window)
        if frames is None:
            continue
        if isinstance(clip.content, Captions):
            yield clip.content, frames, clip.frames.start
        elif isinstance(clip.content, CompositionContent):
            yield from _inner(clip, clip.content, frames)


def _inner(clip: PlacedClip, content: CompositionContent, frames: FrameRange) -> Iterator[Shown]:
    shift = clip.frames.start - content.first
    window = FrameRange(max(0, frames.start - shift), max(0, frames.stop - shift))
    for captions, shown, begin in _captions(content.timeline, window):
        yield captions, FrameRange(shown.start + shift, shown.stop + shift), begin + shift


def _shared(one: FrameRange, other: FrameRange) -> FrameRange | None:
    start, stop = max(one.start, other.start), min(one.stop, other.stop)
    return FrameRange(start, stop) if start < stop else None


def _in_order(shown: Sequence[Shown], timeline: ResolvedTimeline) -> tuple[Cue, ...]:
    """Return what is shown as cues one after the other: what shows at once shares a cue.

    A      |-------|            A, A + B, B
    B          |-------|
    """
    entries: list[tuple[int, int, str]] = []
    rate, first = timeline.rate, timeline.frames.start
    for captions, frames, begin in shown:
        for page in captions.pages:
            text = "\n".join(line for line in page.text.split("\n") if line)
            # On the frames' grid: what follows without a gap on the picture does so here.
            start = begin + rate.frame_at(page.start_s)
            stop = min(begin + rate.frame_at(page.end_s), frames.stop)
            start = max(start, frames.start)
            if text and start < stop:
                entries.append((start, stop, text))
    cues: list[tuple[int, int, str]] = []
    for start, stop, texts in _sweep(entries):
        text = "\n".join(dict.fromkeys(texts))
        if cues and cues[-1][1:] == (start, text):
            start = cues.pop()[0]
        cues.append((start, stop, text))
    return tuple(
        Cue(float(rate.seconds_at(start - first)), float(rate.seconds_at(stop - first)), text)
        for start, stop, text in cues
    )


def _sweep(entries: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the intervals in which something is read, and what: first what began first."""
    edges = sorted({edge for start, stop, _ in entries for edge in (start, stop)})
    waiting = sorted(entries, key=lambda entry: entry[0], reverse=True)
    active: list[tuple[int, int, str]] = []
    for start, stop in pairwise(edges):
        active = [entry for entry in active if entry[1] > start]
        while waiting and waiting[-1][0] <= start:
            active.append(waiting.pop())
        if active:
            yield start, stop, [text for _, _, text in active]


def written(cues: Sequence[Cue], form: Sidecar) -> str:
    """Return cues as a file: SubRip, or WebVTT (W3C)."""
    blocks = []
    for number, cue in enumerate(cues, 1):
        times = f"{_clock(cue.start_s, form)} --> {_clock(cue.end_s, form)}"
        if form == "srt":
            blocks.append(f"{number}\n{times}\n{cue.text}\n")
        else:
            blocks.append(f"{times}\n{_escaped(cue.text)}\n")
    if form == "vtt":
        blocks.insert(0, "WEBVTT\n")
    return "\n".join(blocks)


def _clock(seconds: float, form: Sidecar) -> str:
    whole, thousandths = divmod(round(Fraction(seconds) * 1000), 1000)
    hours, rest = divmod(whole, 3600)
    point = "," if form == "srt" else "."
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}{point}{thousandths:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
