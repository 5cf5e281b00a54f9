"""Which engine this is: chunks made by another one are not taken for its own.

The code itself is asked, not its version number: a change that forgot to raise a number must not
bring yesterday's pictures back.
"""

import hashlib
from functools import cache
from importlib.metadata import distributions
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
    "rlottie",
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
    names = {(each.name or "").lower(): each.version for each in distributions()}
    makers = sorted(pair for pair in names.items() if pair[0].startswith(PIXEL_MAKERS))
    digest.update(repr(makers).encode())
    return digest.hexdigest()
