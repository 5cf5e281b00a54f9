"""One face of a font file: its glyphs for shaping (HarfBuzz) and for drawing (Skia).

Both read the same file at the same weight, so that a glyph's number means the same to both. Nothing
is hinted: a letter has the same shape and width at every place and size, and does not tremble when
it moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import skia
import uharfbuzz as hb

from vidgenie.errors import ComposeError

UNITS = 1 << 16
"""HarfBuzz's positions for one em: fine enough that sums of thousands do not drift."""

SLANT = -0.25
"""What a family without italics is sheared by; Chromium's value."""

BOLD_FROM = 600
"""A face without a weight axis is emboldened for weights from here on."""

OUTLINES_KEPT = 4096


@dataclass(frozen=True, slots=True)
class FaceKey:
    """Which face: the file, the font within a collection, and what is made of it."""

    path: Path
    index: int = 0
    weight: int = 400
    is_emboldened: bool = False
    is_slanted: bool = False
    optical_px: int = 0
    """Which size it is cut for, where the font has an axis for that; 0 for its own."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of one em; `descent` is positive below the baseline, `underline` where its middle is."""

    ascent: float
    descent: float
    line_gap: float
    underline: float
    thickness: float
    strike: float


class Face:
    """A face, opened."""

    def __init__(self, key: FaceKey) -> None:
        self.key = key
        try:
            blob = hb.Blob.from_file_path(str(key.path))
            self._hb_face = hb.Face(blob, key.index)
        except (OSError, MemoryError) as error:
            raise ComposeError(f"The font file {key.path.name} cannot be read.") from error
        self.shaper = hb.Font(self._hb_face)
        self.shaper.scale = (UNITS, UNITS)
        self._axes = {axis.tag: axis for axis in self._hb_face.axis_infos}
        places = {"wght": float(key.weight), "opsz": float(key.optical_px)}
        if not key.optical_px:
            del places["opsz"]
        places = {axis: place for axis, place in places.items() if axis in self._axes}
        if places:
            self.shaper.set_variations(places)
        self._typeface = _typeface(key, places)
        self._is_varied = bool(places) and not key.is_emboldened
        self._fonts: dict[float, skia.Font] = {}
        self._outlines: dict[tuple[int, float], skia.Path | None] = {}
        self.is_colored = bool({"COLR", "CBDT", "sbix", "SVG "} & set(self._hb_face.table_tags))
        self.metrics = self._measured()

    def covers(self, letter: str) -> bool:
        """Tell whether the face has a glyph for a character."""
        return self.shaper.get_nominal_glyph(ord(letter)) is not None

    def at(self, size_px: float) -> "Face":
        """Return the face as it is cut for a size: fonts for print have finer lines when large."""
        axis = self._axes.get("opsz")
        if axis is None:
            return self
        within = min(max(size_px, axis.min_value), axis.max_value)
        return open_face(replace(self.key, optical_px=max(1, round(within))))

    def font(self, size_px: float) -> "skia.Font":
        """Return the face at a size, as Skia draws it."""
        if size_px not in self._fonts:
            font = skia.Font(self._typeface, size_px)
            font.setSubpixel(True)
            font.setLinearMetrics(True)
            font.setBaselineSnap(False)
            font.setHinting(skia.FontHinting.kNone)
            font.setEdging(skia.Font.Edging.kAntiAlias)
            font.setEmbolden(self.key.is_emboldened)
            font.setSkewX(SLANT if self.key.is_slanted else 0.0)
            self._fonts[size_px] = font
        return self._fonts[size_px]

    def outline(self, glyph: int, size_px: float) -> "skia.Path | None":
        """Return a glyph's outline about its origin; None for a space or a picture."""
        place = (glyph, size_px)
        if place not in self._outlines:
            if len(self._outlines) >= OUTLINES_KEPT:
                self._outlines.clear()
            drawn = self._varied if self._is_varied else self._plain
            path = drawn(glyph, size_px)
            self._outlines[place] = None if path is None or path.isEmpty() else path
        return self._outlines[place]

    def _plain(self, glyph: int, size_px: float) -> "skia.Path | None":
        return self.font(size_px).getPath(glyph)

    def _varied(self, glyph: int, size_px: float) -> "skia.Path":
        """Return an outline as HarfBuzz draws it.

        Skia's FreeType keeps what it worked out for one weight of a file and takes it for another:
        letters with masters between (a, e and s of Work Sans) came out too bold by up to a third,
        depending on which weights a process had drawn before.
        """
        path = skia.Path()
        self.shaper.draw_glyph(glyph, _pen(), path)
        scale = size_px / UNITS
        lean = SLANT * scale if self.key.is_slanted else 0.0
        path.transform(skia.Matrix.MakeAll(scale, lean, 0, 0, scale, 0, 0, 0, 1))
        return path

    def _measured(self) -> Metrics:
        metrics = self.font(1000.0).getMetrics()
        thickness = metrics.fUnderlineThickness or 50.0
        position = metrics.fUnderlinePosition or 100.0
        strike = -metrics.fStrikeoutPosition or metrics.fXHeight / 2 or 250.0
        return Metrics(
            ascent=-metrics.fAscent / 1000,
            descent=metrics.fDescent / 1000,
            line_gap=max(0.0, metrics.fLeading) / 1000,
            underline=position / 1000,
            thickness=thickness / 1000,
            strike=strike / 1000,
        )


@cache
def _pen() -> "hb.DrawFuncs":
    """Return what draws HarfBuzz's outlines (y upwards) on a path of Skia's (y down)."""
    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, path: path.moveTo(x, -y))
    pen.set_line_to_func(lambda x, y, path: path.lineTo(x, -y))
    pen.set_quadratic_to_func(lambda *to: to[4].quadTo(to[0], -to[1], to[2], -to[3]))
    pen.set_cubic_to_func(lambda *to: to[6].cubicTo(to[0], -to[1], to[2], -to[3], to[4], -to[5]))
    pen.set_close_path_func(lambda path: path.close())
    return pen


@lru_cache(maxsize=512)
def open_face(key: FaceKey) -> Face:
    """Return a face, opened once in this process.

    Raises: ComposeError for a file that is no font.
    """
    return Face(key)


def _typeface(key: FaceKey, places: Mapping[str, float]) -> "skia.Typeface":
    # A manager of its own: the default one would read the machine's font configuration.
    face = skia.FontMgr.New_Custom_Empty().makeFromFile(str(key.path), key.index)
    if face is None:
        raise ComposeError(f"The font file {key.path.name} cannot be read.")
    if not places:
        return face
    position = skia.FontArguments.VariationPosition
    coordinates = position.Coordinates(
        [
            position.Coordinate(int.from_bytes(axis.encode(), "big"), place)
            for axis, place in places.items()
        ]
    )
    design = position(coordinates)
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(design)
    return face.makeClone(arguments) or face
