"""TTML (and DFXP, its first name) to cues. Untrusted: runs in the child.

Paragraphs are cues; `begin`, `end` and `dur` count from what holds them. Spans with times of their
own are words with theirs. Styles and regions are left out.
Source: TTML2, W3C 2021, §10 (content), §12.3.1 (time expressions).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, XMLParser

from vidgenie.core.edit import limits
from vidgenie.core.timeline.facts import Cue, SpokenWord
from vidgenie.errors import AssetUnsupported

_CLOCK = re.compile(r"(\d{2,4}):(\d{2}):(\d{2})(?:\.(\d{1,9})|:(\d{1,3})(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_RATE_MAX = 1_000_000_000.0


@dataclass(frozen=True, slots=True)
class _Clock:
    """How a file counts: frames and ticks a second."""

    frame_rate: float
    tick_rate: float


def read_ttml(text: str) -> tuple[list[Cue], list[str]]:
    """Return the cues of a TTML document, and what of it is not shown.

    Raises: AssetUnsupported, with the line where the XML tells it.
    """
    root = _root(text)
    clock = _clock(root)
    cues: list[Cue] = []
    # What is still to be read, with the begin and end that its parents give it.
    stack: list[tuple[Element, float, float, int]] = [(root, 0.0, float("inf"), 0)]
    while stack:
        element, begin, end, depth = stack.pop()
        if depth > limits.HTML_DEPTH_MAX:
            raise AssetUnsupported(f"The TTML file nests more than {depth - 1} deep.")
        begin, end = _interval(element, begin, end, clock)
        if _name(element) == "p":
            cue = _cue(element, begin, end, clock)
            if cue is not None:
                cues.append(cue)
        else:
            stack += [(child, begin, end, depth + 1) for child in reversed(element)]
        if len(cues) > limits.CUES_MAX:
            raise AssetUnsupported(f"The TTML file has more than {limits.CUES_MAX} cues.")
    has_places = any(_get(each, "region") for each in root.iter() if _name(each) in ("p", "div"))
    return cues, ["the regions of cues are left out: the asset's own place is used"] * has_places


def _root(text: str) -> Element:
    """Parse the XML. Entities of its own are how a small document becomes an endless one."""
    if "<!ENTITY" in text:
        raise AssetUnsupported("The TTML file declares entities; write out what they stand for.")
    try:
        parser = XMLParser()  # noqa: S314 - expat resolves nothing external, entities are refused
        parser.feed(text.lstrip("\ufeff \t\r\n"))
        root = parser.close()
    except (ParseError, ValueError) as error:
        raise AssetUnsupported(f"The TTML file is not well-formed XML ({error}).") from None
    assert isinstance(root, Element), root
    return root


def _clock(root: Element) -> _Clock:
    rate = _number(_get(root, "frameRate"), 30.0)
    parts = (_get(root, "frameRateMultiplier") or "1 1").replace(":", " ").split()
    if len(parts) == 2:
        rate *= _number(parts[0], 1.0) / _number(parts[1], 1.0)
    said = _get(root, "frameRate") is not None
    return _Clock(rate, _number(_get(root, "tickRate"), rate if said else 1.0))


def _number(text: str | None, default: float) -> float:
    if text is None:
        return default
    if re.fullmatch(r"\d{1,10}(\.\d{1,9})?", text.strip()) and 0 < float(text) <= _RATE_MAX:
        return float(text)
    raise AssetUnsupported(f"The TTML file says a rate of {text[:40]!r}; that is no number.")


def _get(element: Element, name: str) -> str | None:
    return next((v for key, v in element.items() if key.rpartition("}")[2] == name), None)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _interval(element: Element, begin: float, end: float, clock: _Clock) -> tuple[float, float]:
    start = begin + seconds_of(_get(element, "begin") or "0s", clock)
    stop = end
    said, lasts = _get(element, "end"), _get(element, "dur")
    if said is not None:
        stop = min(stop, begin + seconds_of(said, clock))
    if lasts is not None:
        stop = min(stop, start + seconds_of(lasts, clock))
    return start, stop


def seconds_of(text: str, clock: _Clock) -> float:
    """Return a time expression's seconds: 00:00:01.5, 00:00:01:12, 1.5s, 90ms, 36f, 10000000t."""
    text = text.strip()
    if (match := _CLOCK.fullmatch(text)) is not None:
        hours, minutes, seconds, fraction, frames = match.groups()
        whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
        return whole + float(f"0.{fraction or 0}") + int(frames or 0) / clock.frame_rate
    if (match := _OFFSET.fullmatch(text)) is not None:
        value, unit = float(match[1]), match[2]
        if unit == "f":
            return value / clock.frame_rate
        return value / clock.tick_rate if unit == "t" else value * _UNITS[unit]
    raise AssetUnsupported(f"The TTML file says a time of {text[:40]!r}; that is none.")


def _cue(element: Element, begin: float, end: float, clock: _Clock) -> Cue | None:
    runs = list(_runs(element, 0))
    joined = "".join(text for text, _ in runs)
    lines = (" ".join(line.split()) for line in joined.split("\n"))
    text = "\n".join(line for line in lines if line)
    if not text or end <= begin:
        return None
    if len(text) > limits.CUE_MAX:
        raise AssetUnsupported("The TTML file has a cue whose text is too long.")
    if end > limits.TIME_MAX_S:
        raise AssetUnsupported(f"The TTML file has a cue without an end: {text[:40]!r}.")
    words = []
    for spoken, span in runs:
        if span is not None and (_get(span, "begin") is not None) and spoken.strip():
            start, stop = _interval(span, begin, end, clock)
            words.append(SpokenWord(" ".join(spoken.split()), start, max(start, stop)))
    is_whole = " ".join(word.text for word in words) == " ".join(text.split())
    return Cue(begin, end, text, tuple(words) if is_whole else ())


def _runs(element: Element, depth: int) -> Iterator[tuple[str, Element | None]]:
    """Yield the texts of a paragraph, each with the span that holds it."""
    if depth > limits.HTML_DEPTH_MAX:
        raise AssetUnsupported(f"The TTML file nests more than {depth - 1} deep.")
    own = element if _name(element) == "span" else None
    yield _spaced(element.text), own
    for child in element:
        if _name(child) == "br":
            yield "\n", None
        elif _name(child) == "span":
            yield from _runs(child, depth + 1)
        yield _spaced(child.tail), own


def _spaced(text: str | None) -> str:
    """Return a text whose line ends are spaces, as XML's default is."""
    return re.sub(r"\s", " ", text or "")
