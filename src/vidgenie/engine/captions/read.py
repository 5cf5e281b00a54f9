"""Caption files to cues: SubRip and WebVTT here, TTML in `ttml.py`. Untrusted: runs in the child.

Files are read as people write them: commas or points in times, hours left out, numbers left out,
blank lines between. What cannot be a time is refused with the number of its line.
Source: WebVTT, W3C 2019, §4 and §6; SubRip has no specification, its files are its standard.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise
from pathlib import Path

from vidgenie.core.edit import limits
from vidgenie.core.timeline.facts import CaptionFacts, Cue, SpokenWord
from vidgenie.core.timeline.graphics.speech import spread
from vidgenie.engine.captions.ttml import read_ttml
from vidgenie.errors import AssetUnsupported

HEAD_SIZE = 4096

_TTML = re.compile(r"<(?:\w+:)?tt[\s>]")
_BEGIN = re.compile(r"(?:\s*\d+[ \t]*\r?\n|\s*\r?\n)*\s*[\d:.,]+[ \t]*-->")
_TIME = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?")
_STAMP = re.compile(r"<((?:\d{1,4}:)?\d{1,2}:\d{1,2}\.\d{1,9})>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|</?c[^<>]*>|\{\\[^{}]*\}")
_ARROW = "-->"
_NO_CUES = ("NOTE", "STYLE", "REGION")


def caption_kind(path: Path) -> str | None:
    """Return which kind of caption file this is: srt, vtt, ttml; None for anything else."""
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    text = decoded(head).lstrip()
    if text.startswith("WEBVTT"):
        return "vtt"
    if text.startswith("<") and _TTML.search(text):
        return "ttml"
    return "srt" if _BEGIN.match(text) else None


def caption_facts(path: Path, kind: str) -> CaptionFacts:
    """Read a caption file.

    Raises: AssetUnsupported with the line for one that is damaged, empty or too large.
    """
    size = path.stat().st_size
    if size > limits.CAPTION_FILE_MAX:
        raise AssetUnsupported(
            f"The caption file is {size} bytes; at most {limits.CAPTION_FILE_MAX} are read."
        )
    text = decoded(path.read_bytes())
    cues, notes = read_ttml(text) if kind == "ttml" else read_lines(text)
    if not cues:
        raise AssetUnsupported(f"The caption file ({kind}) has no cues in it.")
    return CaptionFacts(tuple(sorted(cues, key=lambda cue: cue.start_s)), tuple(notes))


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-16 where its first bytes say so, else UTF-8, else Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        # A head may end within a character.
        return data.decode("utf-8-sig", "strict" if len(data) != HEAD_SIZE else "replace")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_lines(text: str) -> tuple[list[Cue], list[str]]:
    """Return the cues of SubRip or WebVTT, and what of them is not shown.

    Raises: AssetUnsupported with the line.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = [number for number, line in enumerate(lines) if _ARROW in line]
    cues: list[Cue] = []
    settings = 0
    for place, following in pairwise([*at, len(lines)]):
        start_s, end_s, has_settings = _times(lines[place], place + 1)
        settings += has_settings
        body = _body(lines[place + 1 : following], is_last=following == len(lines))
        cue = _cue(start_s, end_s, body, line=place + 1)
        if cue is not None:
            cues.append(cue)
        if len(cues) > limits.CUES_MAX:
            raise AssetUnsupported(f"The caption file has more than {limits.CUES_MAX} cues.")
    notes = [f"the positions of {settings} cues are left out: the asset's own are used"]
    return cues, notes if settings else []


def _times(line: str, number: int) -> tuple[float, float, bool]:
    first, _, rest = line.partition(_ARROW)
    words = rest.split()
    found = [_TIME.fullmatch(part) for part in (first.strip(), words[0] if words else "")]
    if found[0] is None or found[1] is None:
        raise AssetUnsupported(
            f"Line {number} of the caption file is {line.strip()[:60]!r};"
            " a cue's times are 00:00:01,000 --> 00:00:02,500."
        )
    start_s, end_s = (_seconds(match.groups()) for match in found if match)
    if end_s < start_s or end_s > limits.TIME_MAX_S:
        problem = "ends before it begins" if end_s < start_s else "ends after ten hours"
        raise AssetUnsupported(f"Line {number} of the caption file: the cue {problem}.")
    return start_s, end_s, len(words) > 1


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + float(f"0.{fraction or 0}")


def _body(lines: list[str], *, is_last: bool) -> list[str]:
    """Return a cue's lines: up to the next cue's number or name, or a block that is no cue."""
    if not is_last:
        # The line before the next times names or numbers that cue, if a blank one is before it.
        name = lines[-1].strip() if lines else ""
        if name.isdigit() or (name and len(lines) > 1 and not lines[-2].strip()):
            lines = lines[:-1]
    kept: list[str] = []
    for number, line in enumerate(lines):
        is_first = number == 0 or not lines[number - 1].strip()
        if is_first and number and line.split(" ")[0] in _NO_CUES:
            break
        kept.append(line)
    return [line.strip() for line in kept if line.strip()]


def _cue(start_s: float, end_s: float, lines: list[str], *, line: int) -> Cue | None:
    marked = "\n".join(lines)
    if len(marked) > 4 * limits.CUE_MAX:
        raise AssetUnsupported(f"Line {line} of the caption file: the cue's text is too long.")
    words = tuple(_timed_words(marked, start_s, end_s)) if _STAMP.search(marked) else ()
    text = plain(_STAMP.sub("", marked))
    if len(text) > limits.CUE_MAX:
        raise AssetUnsupported(f"Line {line} of the caption file: the cue's text is too long.")
    return Cue(start_s, end_s, text, words) if text and end_s > start_s else None


def plain(marked: str) -> str:
    """Return a cue's text without its tags; what `<v>` and `<c>` hold stays."""
    text = unescape(_TAG.sub("", marked))
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def _timed_words(marked: str, start_s: float, end_s: float) -> Iterator[SpokenWord]:
    """Yield the words between time stamps; those within one stretch share its time by length."""
    parts = _STAMP.split(marked)
    begins = [start_s]
    for stamp in parts[1::2]:
        match = _TIME.fullmatch(stamp)
        assert match is not None, stamp
        begins.append(min(max(begins[-1], _seconds(match.groups())), end_s))
    for part, (begin, end) in zip(parts[::2], pairwise([*begins, end_s]), strict=True):
        words = plain(part).split()
        yield from spread(words, begin, end)
