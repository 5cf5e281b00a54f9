"""Fonts: the families that packages bring, and nothing of the machine's own.

A text must look the same on every machine, so system fonts are never asked. Families are variable
fonts; each weight used is registered as a face of its own.
"""

from functools import cache
from pathlib import Path

import fontpkg
import skia

from vidgenie.core.timeline.warnings import same_family
from vidgenie.engine.paint.families import FALLBACK, families
from vidgenie.errors import ComposeError

_layout = skia.textlayout


@cache
def family_named(name: str) -> str:
    """Return the family of this name, however it is spelt, or the fallback."""
    return next((family for family in families() if same_family(family, name)), FALLBACK)


class FontShelf:
    """The faces in use, as Skia's text layout wants them."""

    def __init__(self) -> None:
        self._provider = _layout.TypefaceFontProvider()
        self.collection = _layout.FontCollection()
        self.collection.setDefaultFontManager(self._provider)
        self.unicode = skia.Unicodes.ICU.Make()
        self._known: set[str] = set()

    def face(self, family: str, weight: int) -> str:
        """Return the name under which a family's weight is registered."""
        found = family_named(family)
        name = f"{found} {weight}"
        if name not in self._known:
            path = Path(fontpkg.path(found, weight=weight, nearest=True))
            self._provider.registerTypeface(_weighted(path, weight), skia.String(name))
            self._known.add(name)
        return name


@cache
def shelf() -> FontShelf:
    """Return this process's fonts."""
    return FontShelf()


def _weighted(path: Path, weight: int) -> "skia.Typeface":
    """Return a face at a weight; fonts without a weight axis stay as they are."""
    # A manager of its own: the default one would read the machine's font configuration.
    face = skia.FontMgr.New_Custom_Empty().makeFromFile(str(path))
    if face is None:
        raise ComposeError(f"The font file {path.name} cannot be read.")
    position = skia.FontArguments.VariationPosition
    axis = int.from_bytes(b"wght", "big")
    coordinates = position.Coordinates([position.Coordinate(axis, weight)])
    place = position(coordinates)
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(place)
    return face.makeClone(arguments) or face
