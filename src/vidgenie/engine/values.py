"""What goes into the engine's tasks and comes out of them: values, and no codec.

Who asks for a task loads these; what it is done with is loaded in the child alone.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vidgenie.core.geometry import Size
from vidgenie.core.timeline.facts import MediaFacts


@dataclass(frozen=True, slots=True)
class LocalSource:
    """A source as a file on this machine, and what is known of it."""

    path: Path
    facts: MediaFacts


Assets = Mapping[str, LocalSource]
"""Sources by the name the edit gives them (its `src`)."""


@dataclass(frozen=True, slots=True)
class RenderStats:
    """What a chunk took: counts of frames, encoder starts, and seconds."""

    frames_decoded: int
    frames_painted: int
    frames_encoded: int
    frames_copied: int
    frames_by_recipe: Mapping[str, int]
    encoder_starts: int
    cpu_s: float
    wall_s: float
    not_copied: str = ""
    """Why frames that should have been copied were encoded: their packets hold a surprise."""


@dataclass(frozen=True, slots=True)
class Stitched:
    """The finished file, measured."""

    frames: int
    duration_s: float
    size_bytes: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.frames} frames, {self.duration_s:.3f} s, {self.size_bytes} bytes"


@dataclass(frozen=True, slots=True)
class HlsFile:
    """A fragmented MP4 for HLS: its codecs' names, its head and its segments in bytes."""

    codecs: str
    head: int
    segments: tuple[int, ...]


PNG_LEVEL = 6
"""zlib's: 9 takes three times as long for two per cent."""


@dataclass(frozen=True, slots=True)
class StillSettings:
    """What an image is told: its size, its format, and `quality` 1..100 where it loses."""

    size: Size
    format: Literal["jpg", "png", "bmp"] = "jpg"
    quality: int = 85
    keep_alpha: bool = False
    png_level: int = PNG_LEVEL


def frames_sha256(hashes: Iterable[str]) -> str:
    """Return the hash of all frames: of their own hashes, in order, each a line of hexadecimals."""
    return hashlib.sha256("".join(f"{each}\n" for each in hashes).encode()).hexdigest()
