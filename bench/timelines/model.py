"""What the timelines share: the case, the desk it is made on, words of edits and of filter graphs.

The ffmpeg side is given what costs it least: titles are PNGs that we drew, cropped to their box;
pictures that stand still are decoded once; nothing is scaled that has its size. It is told the
same encoder settings as our `medium` quality.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sources
from titles import Overlay, draw

FPS = 30
WIDE, TALL = (1920, 1080), (1080, 1920)
FADE_S = 1.0
"""How long our `fade` takes, of either kind."""

BT709 = "scale=out_color_matrix=bt709:out_range=tv"
VIDEO = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "22", "-g", "60", "-bf", "3")
TAGS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
SOUND = ("-c:a", "aac", "-b:a", "192k", "-ar", "48000")

Edit = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """Frames `start` to `stop` of a video that a perfect renderer has to decode."""

    path: Path
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Case:
    """One film, said twice. `command` lacks the name of the file it writes.

    `variants` are edits rendered after the first, with what it left in the cache. `film` is the
    function of `bench/films.py` that makes the same, with `given`.
    """

    name: str
    says: str
    seconds: float
    edit: Edit
    command: tuple[str, ...]
    reads: tuple[Read, ...] = ()
    variants: tuple[Edit, ...] = ()
    film: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a case is made: its folder, how long it shall be, how many variants."""

    folder: Path
    seconds: float
    variants: int = 1

    def video(self, name: str, seconds: float) -> Path:
        """Return the video `a` or `b`, at least so long."""
        return sources.video(self.folder / "sources", name, seconds)

    def picture(self, name: str) -> Path:
        """Return `photo0`, `photo1`, `photo2` or `logo`."""
        return sources.picture(self.folder / "sources", name)

    def music(self) -> Path:
        """Return music as long as the film."""
        return sources.music(self.folder / "sources", self.seconds)

    def title(self, clip: Edit, size: tuple[int, int], *, whole: bool = False) -> Overlay:
        """Return a clip drawn as a PNG, for those who cannot write."""
        return draw(clip, size, self.folder / "titles", whole=whole)


def clip(asset: Edit, start: float, length: float, **more: Any) -> Edit:
    """Return a clip."""
    return {"asset": asset, "start": round(start, 4), "length": round(length, 4), **more}


def video(path: Path, trim: float = 0.0) -> Edit:
    """Return a video asset, mute: every film here has its sound from one file."""
    return {"type": "video", "src": str(path), "trim": trim, "volume": 0}


def image(path: Path) -> Edit:
    """Return an image asset."""
    return {"type": "image", "src": str(path)}


def text(words: str, size: int, box: tuple[int, int], **more: Any) -> Edit:
    """Return a text asset in bold white."""
    font = {"family": "Montserrat", "size": size, "weight": 700, "color": "#ffffff"}
    return {"type": "text", "text": words, "width": box[0], "height": box[1], "font": font, **more}


def tween(first: float, last: float, length: float) -> list[Edit]:
    """Return a steady move from the clip's first frame on."""
    return [{"from": first, "to": last, "start": 0, "length": round(length, 4)}]


def edit(tracks: list[list[Edit]], *, music: Path | None = None, tall: bool = False) -> Edit:
    """Return a whole edit at 1080p, 30 frames a second; the first track is on top."""
    timeline: Edit = {"tracks": [{"clips": clips} for clips in tracks]}
    if music is not None:
        timeline["soundtrack"] = {"src": str(music)}
    output: Edit = {"format": "mp4", "resolution": "1080", "fps": FPS}
    if tall:
        output["aspectRatio"] = "9:16"
    return {"timeline": timeline, "output": output}


class Graph:
    """An ffmpeg command in the making: inputs, chains of filters, what is mapped."""

    def __init__(self) -> None:
        self._inputs: list[str] = []
        self._count = 0
        self._chains: list[str] = []

    def read(self, path: Path, *options: str) -> int:
        """Add an input; return its number."""
        self._inputs += [*options, "-i", str(path)]
        self._count += 1
        return self._count - 1

    def chain(self, filters: str) -> None:
        """Add a chain, with its labels."""
        self._chains.append(filters)

    def lay(self, below: str, overlay: Overlay, above: str, *, when: str = "1") -> None:
        """Lay a PNG over a stream, while `when` holds; it is decoded and converted once."""
        number = self.read(overlay.path)
        self.chain(f"[{number}:v]{BT709},format=yuva420p[{above}i]")
        self.chain(f"[{below}][{above}i]overlay={overlay.x}:{overlay.y}:enable='{when}'[{above}]")

    def command(self, seconds: float, *, music: Path | None = None) -> tuple[str, ...]:
        """Return the command that encodes the stream [v]."""
        maps = ["-map", "[v]"]
        if music is not None:
            maps += ["-map", f"{self.read(music)}:a", *SOUND]
        return (
            *(sources.FFMPEG, "-v", "error", "-y", "-nostdin", *self._inputs),
            *("-filter_complex", ";".join(self._chains), *maps, "-t", f"{seconds:g}"),
            *("-r", str(FPS), *VIDEO, *TAGS, "-pix_fmt", "yuv420p", "-movflags", "+faststart"),
        )
