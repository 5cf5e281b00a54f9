"""What a file is, by its first bytes: its name and FFmpeg's guesses are not asked.

A list of other files (a playlist, an ffconcat script) is refused, whatever its name says.
"""

from pathlib import Path

from vidgenie.errors import AssetUnsupported

HEAD_SIZE = 65_536
"""Bytes read to tell what a file is: a PNG's colour profile may stand before its first frame."""

CONTAINERS = {
    "mov": "mov",
    "avif": "mov",
    "heic": "mov",
    "matroska": "matroska",
    "avi": "avi",
    "mpegts": "mpegts",
    "gif": "gif",
    "png": "png_pipe",
    "apng": "apng",
    "jpeg": "jpeg_pipe",
    "webp": "webp_pipe",
    "bmp": "bmp_pipe",
    "tiff": "tiff_pipe",
    "mp3": "mp3",
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "aac": "aac",
    "aiff": "aiff",
}
"""What a source may be, and the FFmpeg demuxer that reads it."""

STILLS = frozenset({"png", "jpeg", "webp", "bmp", "tiff", "avif", "heic"})
"""Containers of pictures; with more than one picture in them they are animations."""

BRANDS_END = 256
"""Bytes of a `ftyp` box that are read."""

_PICTURE_BRANDS = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heic",
    b"heix": "heic",
    b"mif1": "heic",
    b"msf1": "heic",
}
"""Families of still pictures in ISO files. Source: ISO/IEC 23008-12 §10, AVIF 1.1 §6."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp", "mov"),
    (4, b"moov", "mov"),
    (4, b"mdat", "mov"),
    (4, b"wide", "mov"),
    (4, b"free", "mov"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF8", "gif"),
    (0, b"BM", "bmp"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"ID3", "mp3"),
    (0, b"\x00\x01\x00\x00\x00", "ttf"),
    (0, b"true", "ttf"),
    (0, b"OTTO", "otf"),
    (0, b"ttcf", "ttc"),
    (0, b"wOF2", "woff2"),
    (0, b"wOFF", "woff"),
)
_RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp"}


def sniff(head: bytes) -> str | None:
    """Return what a file is by its first bytes, or None for anything not on the list."""
    for offset, magic, name in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return _told_apart(name, head)
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[:1] == b"\x47" and head[188:189] in (b"\x47", b""):
        return "mpegts"
    if len(head) > 1 and head[0] == 0xFF:
        if head[1] & 0xF6 == 0xF0:
            return "aac"
        if head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
            return "mp3"
    return None


def _told_apart(name: str, head: bytes) -> str:
    """Tell pictures from films in the containers that both use."""
    if name == "mov" and head[4:8] == b"ftyp":
        end = min(_size(head, 0), BRANDS_END)
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, end, 4))]
        if brands[0] in (b"mif1", b"msf1") and b"avif" in brands:
            return "avif"
        return _PICTURE_BRANDS.get(brands[0], name)
    return "apng" if name == "png" and _has_frames(head) else name


def _has_frames(png: bytes) -> bool:
    """Tell whether a PNG says, before its picture, that it is animated (`acTL`, PNG 3 §11.3.6)."""
    at = 8
    while at + 8 <= len(png) and png[at + 4 : at + 8] != b"IDAT":
        if png[at + 4 : at + 8] == b"acTL":
            return True
        at += 12 + _size(png, at)
    return False


def _size(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def is_animated(webp: Path) -> bool:
    """Tell whether a WebP file holds more than one picture (RFC 9649 §2.7.1, flag A)."""
    with webp.open("rb") as file:
        head = file.read(32)
    return head[8:16] == b"WEBPVP8X" and len(head) > 20 and bool(head[20] & 0x02)


def describe(head: bytes) -> str:
    """Return in words what an unknown file looks like."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lower = text[:64].lower()
    if not head:
        return "an empty file"
    if lower.startswith((b"#extm3u", b"ffconcat", b"[playlist]", b"v=0")):
        return "a playlist, which names other files instead of being one"
    if b"<mpd" in head[:1024].lower():
        return "a DASH manifest, which names other files instead of being one"
    if lower.startswith((b"<!doctype html", b"<html")):
        return "a web page (does its address need a login?)"
    if b"<svg" in head[:1024]:
        return "an SVG drawing (give its markup to an `svg` asset)"
    if lower.startswith((b"{", b"[")):
        return "a JSON text"
    if lower.startswith((b"<?xml", b"<svg", b"<")):
        return "an XML text"
    return "not a known media file"


def container_of(path: Path) -> str:
    """Return the container of a media file; raises AssetUnsupported with what was found."""
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
    name = sniff(head)
    if name not in CONTAINERS:
        kinds = ", ".join(sorted(CONTAINERS))
        found = describe(head) if name is None else f"a {name} font"
        raise AssetUnsupported(f"The source is {found}; accepted are {kinds}.")
    return name
