"""A Lottie document out of its file: JSON, JSON packed by gzip, or a dotLottie package.

    a.json    the document
    a.tgs     the same, packed: animated stickers
    a.lottie  a ZIP: manifest.json, animations/<id>.json (a/<id>.json), images/… (i/…)

Source: dotLottie 1.0 and 2.0 (LottieFiles).
"""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from vidgenie.core.lottie.document import LottieFacts, is_embedded, read_lottie
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import FrameTimes, MediaFacts, VideoFacts
from vidgenie.errors import AssetUnsupported

FILE_MAX = 32 << 20
"""Bytes of a document, unpacked: its pictures are in it. Ten times the largest seen."""

HEAD_SIZE = 4096

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_PICTURES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
}


def is_lottie(path: Path) -> bool:
    """Tell whether a file looks like one of these: nothing else here is gzip or ZIP.

    A JSON text without layers is something else: a server's words, where a picture was asked for.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
        if head.startswith((_GZIP, _ZIP)):
            return True
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return False
        return b'"layers"' in head + file.read(FILE_MAX)


def lottie_facts(path: Path) -> MediaFacts:
    """Find out what a Lottie file holds. Raises: AssetUnsupported."""
    known = facts_of(read_document(path))
    rate = FrameRate(*_fraction(known.rate))
    return MediaFacts(
        container="lottie",
        duration_s=known.duration_s,
        video=VideoFacts(
            width=max(1, round(known.width)),
            height=max(1, round(known.height)),
            frames=FrameTimes(max(1, round(known.count)), rate),
            codec="lottie",
            pixel_format="bgra",
            has_alpha=True,
        ),
        lottie=known,
    )


def facts_of(document: Mapping[str, Any]) -> LottieFacts:
    """Return a document's facts. Raises: AssetUnsupported."""
    try:
        return read_lottie(document)
    except ValueError as error:
        raise AssetUnsupported(f"The Lottie file cannot be used: {error}.") from None


def read_document(path: Path) -> dict[str, Any]:
    """Return a file's document. Raises: AssetUnsupported."""
    data = path.read_bytes()[: FILE_MAX + 1]
    if data.startswith(_ZIP):
        return _packaged(path)
    if data.startswith(_GZIP):
        data = _unpacked(data)
    return _parsed(data)


def _fraction(rate: float) -> tuple[int, int]:
    """Return a frame rate as a fraction; 29.97 is exactly 30000/1001."""
    for den in (1, 1001):
        num = round(rate * den / 1000) * 1000 if den == 1001 else round(rate)
        if num and abs(num / den - rate) < 0.005:
            return num, den
    return max(1, round(rate * 1000)), 1000


def _parsed(data: bytes) -> dict[str, Any]:
    if len(data) > FILE_MAX:
        raise AssetUnsupported(f"The Lottie file is larger than {FILE_MAX >> 20} MB.")
    try:
        document = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        told = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        raise AssetUnsupported(f"The file is no Lottie document: {told}.") from None
    if not isinstance(document, dict):
        raise AssetUnsupported("The file is JSON, but no Lottie document.")
    return document


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def _unpacked(data: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        return reader.decompress(data, FILE_MAX + 1)
    except zlib.error as error:
        raise AssetUnsupported(f"The packed file is damaged: {error}.") from None


def _packaged(path: Path) -> dict[str, Any]:
    """Return the first animation of a dotLottie package, its pictures put into it."""
    try:
        with ZipFile(path) as package:
            names = sorted(package.namelist())
            chosen = _chosen(package, names)
            document = _parsed(_member(package, chosen))
            room = FILE_MAX
            for picture in _outside(document):
                place = next((name for name in _places(picture) if name in names), None)
                if place is not None:
                    data = _member(package, place)
                    room -= len(data)
                    _embed(picture, data, room)
    except (BadZipFile, OSError, RuntimeError, zlib.error) as error:
        raise AssetUnsupported(f"The dotLottie package is damaged: {error}.") from None
    return document


def _chosen(package: ZipFile, names: list[str]) -> str:
    """Return the animation that a package's manifest names first; the first there is if none."""
    found = [name for name in names if name.startswith(("animations/", "a/"))]
    found = [name for name in found if name.endswith(".json")]
    if "manifest.json" in names:
        listed = _parsed(_member(package, "manifest.json")).get("animations")
        first = listed[0] if isinstance(listed, list) and listed else None
        wanted = str(first.get("id")) if isinstance(first, dict) else ""
        named = [name for name in found if Path(name).stem == wanted]
        found = named or found
    if not found:
        raise AssetUnsupported("The ZIP file is no dotLottie package: it has no animation.")
    return found[0]


def _member(package: ZipFile, name: str) -> bytes:
    with package.open(name) as file:
        data = file.read(FILE_MAX + 1)
    if len(data) > FILE_MAX:
        raise AssetUnsupported(f"A file of the package is larger than {FILE_MAX >> 20} MB.")
    return data


def _outside(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the pictures that are not in the document itself."""
    listed = document.get("assets")
    for one in listed if isinstance(listed, list) else []:
        is_picture = isinstance(one, dict) and isinstance(one.get("p"), str)
        if is_picture and not is_embedded(one):
            yield one


def _places(picture: Mapping[str, Any]) -> tuple[str, ...]:
    name = str(picture["p"]).rpartition("/")[2]
    return (f"images/{name}", f"i/{name}")


def _embed(picture: dict[str, Any], data: bytes, room: int) -> None:
    kind = next((kind for magic, kind in _PICTURES.items() if data.startswith(magic)), None)
    if kind is not None and room > 0:
        picture["p"] = f"data:{kind};base64,{base64.b64encode(data).decode()}"
        picture["u"], picture["e"] = "", 1
