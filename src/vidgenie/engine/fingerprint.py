"""Which engine this is: chunks made by another one are not taken for its own.

The code itself is asked, not its version number: a change that forgot to raise a number must not
bring yesterday's pictures back.
"""

import hashlib
import sys
from functools import cache
from pathlib import Path

PIXEL_MAKERS = (
    "av",
    "numpy",
    "opencv",
    "skia",
    "fontpkg",
    "manimgx-fonts",
    "dynamic",
    "uharfbuzz",
    "uniseg",
    "thorvg",
    "tiny",
    "cssselect",
)
"""Beginnings of the names of packages on which pictures and samples depend."""


@cache
def engine_fingerprint() -> str:
    """Return a digest of the core's and the engine's code and of the packages they draw with.

    Cost: some 10 ms, once in a process.
    """
    digest = hashlib.blake2b(digest_size=16)
    root = Path(__file__).resolve().parent.parent
    for room in ("core", "engine"):
        for path in sorted((root / room).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    makers = sorted(name for name in _packages() if name.startswith(PIXEL_MAKERS))
    digest.update(repr(makers).encode())
    return digest.hexdigest()


def _packages() -> set[str]:
    """Return names and versions of what is installed, by folders: metadata take 50 ms to read."""
    return {
        found.stem.lower().replace("_", "-")
        for entry in map(Path, filter(None, sys.path))
        if entry.is_dir()
        for found in entry.glob("*.dist-info")
    }
