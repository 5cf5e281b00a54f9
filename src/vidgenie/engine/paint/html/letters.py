"""Letters of one style in one line: how wide they are, how high, and how they are drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from pathlib import Path

import skia

from vidgenie.core.color import Color
from vidgenie.core.timeline.graphics.html import PageFont
from vidgenie.engine.lettering.block import lay_out
from vidgenie.engine.lettering.shape import Cluster, Setting
from vidgenie.engine.lettering.shelf import FontChoice, face_for, named
from vidgenie.engine.paint.html.style import Style
from vidgenie.engine.paint.raster import skia_color

ROOM = 1e9
"""A width in which no line is broken."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts that a page may use: those the edit brings, then those at hand."""

    own: tuple[PageFont, ...]
    path_of: Callable[[str], Path]

    def choice(self, style: Style) -> FontChoice:
        """Return the font a style asks for: the first of its families that is there."""
        weight, is_italic = style.font_weight, style.font_style == "italic"
        for family in style.font_family:
            fitting = [font for font in self.own if font.is_named(family)]
            if fitting:
                best = min(
                    fitting, key=lambda f: (f.is_italic != is_italic, abs(f.weight - weight))
                )
                return FontChoice(family, weight, is_italic, self.path_of(best.src))
            if named(family) is not None:
                return FontChoice(family, weight, is_italic)
        return FontChoice(weight=weight, is_italic=is_italic)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters set in one line from 0 on: outlines, and pictures that have colours of their own."""

    width: float
    path: "skia.Path"
    pictures: tuple[Cluster, ...]


def advance(text: str, style: Style) -> float:
    """Return the width of a text in one line, blanks at its ends included."""
    if not text or style.font_size <= 0:
        return 0.0
    return _advance(text, _setting(style))


def ascent_descent(style: Style) -> tuple[float, float]:
    """Return how far a font reaches above and below its baseline: whole pixels, as in browsers."""
    metrics = face_for(style.font).metrics
    above, below = metrics.ascent * style.font_size, metrics.descent * style.font_size
    return float(floor(above + 0.5)), float(floor(below + 0.5))


def line_gap(style: Style) -> float:
    """Return what a font wants between two lines."""
    return face_for(style.font).metrics.line_gap * style.font_size


def draw_text(
    canvas: "skia.Canvas", text: str, style: Style, place: tuple[float, float], color: Color
) -> None:
    """Draw a text; `place` is the left end of its baseline."""
    if not text.strip() or style.font_size <= 0:
        return
    run = _run(text, _setting(style))
    canvas.save()
    canvas.translate(*place)
    canvas.drawPath(run.path, skia.Paint(Color=skia_color(color), AntiAlias=True))
    for cluster in run.pictures:
        builder = skia.TextBlobBuilder()
        glyphs = [glyph for glyph, _, _ in cluster.glyphs]
        places = [skia.Point(right, down) for _, right, down in cluster.glyphs]
        builder.allocRunPos(cluster.face.font(cluster.size_px), glyphs, places)
        blob = builder.make()
        if blob is not None:
            paint = skia.Paint(Alphaf=color.a / 255, AntiAlias=True)
            canvas.drawTextBlob(blob, cluster.left, 0.0, paint)
    canvas.restore()


def _setting(style: Style) -> Setting:
    return Setting(
        font=style.font,
        size_px=style.font_size,
        letter_spacing_px=style.letter_spacing,
        word_spacing_px=style.word_spacing,
    )


def _clusters(text: str, setting: Setting) -> tuple[Cluster, ...]:
    block = lay_out([(text.replace("\n", " "), setting)], ROOM, "left")
    return tuple(cluster for line in block.lines for cluster in line.clusters)


@lru_cache(maxsize=16_384)
def _advance(text: str, setting: Setting) -> float:
    return sum(cluster.width for cluster in _clusters(text, setting))


@lru_cache(maxsize=1_024)
def _run(text: str, setting: Setting) -> Run:
    path, pictures, pen = skia.Path(), list[Cluster](), 0.0
    for cluster in _clusters(text, setting):
        if cluster.face.is_colored:
            pictures.append(cluster.moved(0, pen))
        else:
            for glyph, right, down in cluster.glyphs:
                outline = cluster.face.outline(glyph, cluster.size_px)
                if outline is not None:
                    path.addPath(outline, pen + right, down)
        pen += cluster.width
    return Run(pen, path, tuple(pictures))
