"""Lettering: laid out once, drawn as outlines at the frame's own resolution under any map.

Letters are drawn as shapes, not from a cache of small pictures: so they stand exactly where they
belong, to a fraction of a pixel, and do not tremble when they move. From below: the plate, the
shadow of all that follows, the highlight, the outline (twice as wide as it shows: its inner half
lies under the letters), the letters, the lines through or under them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import cos, radians, sin
from pathlib import Path

import skia

from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.graphic import Phase
from vidgenie.core.timeline.graphics.appearing import Pose
from vidgenie.core.timeline.graphics.lettering import Gradient, Lettering, Shadow
from vidgenie.engine.lettering.block import Block, Line, lay_out
from vidgenie.engine.lettering.shape import Cluster
from vidgenie.engine.lettering.shelf import FontChoice, face_for
from vidgenie.engine.paint.raster import skia_color
from vidgenie.engine.paint.whole_words import setting_of, with_whole_words
from vidgenie.engine.pool import FramePool

BLUR_SIGMA = 0.5
"""A CSS blur radius is twice the Gaussian's standard deviation (CSS Backgrounds 3 §7.2)."""

BLOCKS_KEPT = 64

AROUND_PX = 2.0
"""What is drawn beyond an outline's own bounds: antialiasing under any map."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """Letters that appear together, as shapes: those of outlines and those that are pictures."""

    path: "skia.Path"
    lines: "skia.Path"
    pictures: tuple[Cluster, ...]
    ground: tuple[Rect, ...]
    bounds: Rect


@dataclass(frozen=True, slots=True)
class _Set:
    """A lettering set into its box: the block, where it stands, and its units in reading order."""

    block: Block
    left: float
    top: float
    units: tuple[tuple[tuple[Line, Cluster], ...], ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """Where some letters stand that are on one line; `is_backward`: they run right to left."""

    left: float
    width: float
    baseline: float
    line: float
    is_backward: bool

    @property
    def center(self) -> float:
        """The middle of it, across."""
        return self.left + self.width / 2


Stretch = tuple[int, int, Pose]
"""Letters `start` to `stop` of a text, and how they stand."""


class LetteringDrawing:
    """A lettering at one phase; with `stretches`, only those letters, each as it says."""

    def __init__(
        self,
        graphic: Lettering,
        phase: Phase,
        path_of: Callable[[str], Path],
        stretches: Sequence[Stretch] | None = None,
    ) -> None:
        choice = _choice(graphic, path_of)
        self._graphic = graphic = with_whole_words(graphic, choice)
        self._set = _set(graphic, choice)
        if stretches is None:
            self._posed = tuple(self._pose_units(phase))
        else:
            self._posed = tuple(self._pose_stretches(stretches))

    @property
    def bottom(self) -> float:
        """Where its text, or the plate behind it, ends below."""
        plate, text = self._plate_rect(), self._text_rect()
        return max(each.top + each.height for each in (plate, text) if each is not None)

    def extent(self, start: int, stop: int) -> Extent | None:
        """Return where letters stand; None if they are on several lines, or nowhere."""
        found = [
            (line, cluster)
            for line in self._set.block.lines
            for cluster in line.clusters
            if start <= cluster.start < stop
        ]
        if not found or any(line is not found[0][0] for line, _ in found):
            return None
        left = min(cluster.left for _, cluster in found)
        right = max(cluster.left + cluster.width for _, cluster in found)
        line = found[0][0]
        return Extent(
            self._set.left + left,
            right - left,
            self._set.top + line.baseline,
            line.top,
            is_backward=found[0][1].start > found[-1][1].start,
        )

    @property
    def ink(self) -> Rect:
        """The part of the box that may have ink: what lies outside it is empty."""
        graphic = self._graphic
        box = Rect.of(graphic.box)
        areas = [
            _grown(_moved(unit.bounds, pose, graphic), self._reach)
            for pose, unit in self._posed
            if unit.bounds.width > 0
        ]
        plate = self._plate_rect()
        if plate is not None:
            areas.append(plate)
        if not areas:
            return Rect(0.0, 0.0, 0.0, 0.0)
        return _within(_union(areas), box)

    def draw(self, canvas: "skia.Canvas") -> None:
        """Draw into the box's own coordinates; what does not fit is cut off."""
        canvas.save()
        canvas.clipRect(_skia_rect(Rect.of(self._graphic.box)), skia.ClipOp.kIntersect, True)
        self._draw_plate(canvas)
        if self._graphic.shadow is not None:
            self._draw_shadows(canvas, self._graphic.shadow)
        self._draw_units(canvas)
        canvas.restore()

    @property
    def _near(self) -> float:
        """How far ink reaches beyond the letters, without their shadow."""
        outline = self._graphic.outline
        return AROUND_PX + (outline.width_px if outline else 0.0)

    @property
    def _reach(self) -> tuple[float, float, float, float]:
        """How far ink reaches beyond the letters: left, top, right, bottom."""
        shadow, near = self._graphic.shadow, self._near
        if shadow is None:
            return near, near, near, near
        far = near + 3 * BLUR_SIGMA * shadow.blur_px
        x, y = shadow.x_px, shadow.y_px
        return max(near, far - x), max(near, far - y), max(near, far + x), max(near, far + y)

    def _pose_units(self, phase: Phase) -> Iterator[tuple[Pose, _Unit]]:
        """Yield units that can be seen, those at one pose as one."""
        units, appearing = self._set.units, self._graphic.appearing
        poses = [
            Pose() if appearing is None else appearing.pose(phase, at, len(units))
            for at in range(len(units))
        ]
        for pose, numbers in groupby(range(len(units)), key=poses.__getitem__):
            if pose.opacity > 0:
                yield pose, self._unit([pair for number in numbers for pair in units[number]])

    def _pose_stretches(self, stretches: Sequence[Stretch]) -> Iterator[tuple[Pose, _Unit]]:
        for start, stop, pose in stretches:
            pairs = [
                (line, cluster)
                for line in self._set.block.lines
                for cluster in line.clusters
                if start <= cluster.start < stop
            ]
            if pairs and pose.opacity > 0:
                yield pose, self._unit(pairs)

    def _unit(self, pairs: Sequence[tuple[Line, Cluster]]) -> _Unit:
        path, ruled = skia.Path(), skia.Path()
        pictures, ground, areas = [], [], []
        for line, cluster in pairs:
            x, y = self._set.left + cluster.left, self._set.top + line.baseline
            if cluster.face.is_colored:
                pictures.append(cluster.moved(0, x))
                size = cluster.size_px
                areas.append(Rect(x, y - size, max(cluster.width, size), size * 1.3))
            else:
                for glyph, right, down in cluster.glyphs:
                    outline = cluster.face.outline(glyph, cluster.size_px)
                    if outline is not None:
                        path.addPath(outline, x + right, y + down)
            if cluster.width > 0 and not _hangs(line, cluster):
                top = self._set.top + line.top
                ground.append(Rect(x, top, cluster.width, line.height))
                self._decorate(ruled, line, Rect(x, y, cluster.width, 0.0))
        areas.extend(_rect_of(each.getBounds()) for each in (path, ruled) if not each.isEmpty())
        if self._graphic.highlight is not None:
            areas.extend(ground)
        return _Unit(path, ruled, tuple(pictures), tuple(_joined(ground)), _union(areas))

    def _decorate(self, ruled: "skia.Path", line: Line, place: Rect) -> None:
        kind = self._graphic.letters.decoration
        if kind == "none":
            return
        size = self._graphic.letters.size_px
        metrics = face_for(self._set.block.settings[0].font).metrics
        thickness = max(1.0, metrics.thickness * size)
        middle = metrics.underline * size if kind == "underline" else -metrics.strike * size
        top = place.top + middle - (0 if kind == "underline" else thickness / 2)
        ruled.addRect(skia.Rect.MakeXYWH(place.left, top, place.width, thickness))

    def _draw_shadows(self, canvas: "skia.Canvas", shadow: Shadow) -> None:
        """Draw what the letters and their outlines cast, each unit for itself."""
        graphic, size = self._graphic, self._graphic.letters.size_px
        sigma = shadow.blur_px * BLUR_SIGMA
        for pose, unit in self._posed:
            canvas.save()
            canvas.translate(pose.x * size, pose.y * size)
            share = pose.opacity * graphic.letters.color.a / 255
            paint = skia.Paint(Color=skia_color(shadow.color.faded(share)), AntiAlias=True)
            if sigma > 0:
                paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, sigma))
            if graphic.outline is not None:
                _line_of(paint, 2 * graphic.outline.width_px)
                paint.setStyle(skia.Paint.kStrokeAndFill_Style)
            canvas.translate(shadow.x_px, shadow.y_px)
            canvas.drawPath(unit.path, paint)
            canvas.drawPath(unit.lines, paint)
            canvas.translate(-shadow.x_px, -shadow.y_px)
            if unit.pictures:
                bounds = _skia_rect(_grown(unit.bounds, (AROUND_PX,) * 4))
                canvas.saveLayer(bounds, _shadow_paint(shadow, sigma))
                self._draw_pictures(canvas, unit, pose.opacity)
                canvas.restore()
            canvas.restore()

    def _draw_units(self, canvas: "skia.Canvas") -> None:
        graphic, size = self._graphic, self._graphic.letters.size_px
        is_flat = graphic.outline is None and graphic.highlight is None
        for pose, unit in self._posed:
            canvas.save()
            canvas.translate(pose.x * size, pose.y * size)
            if pose.opacity >= 1 or is_flat:
                self._draw_unit(canvas, unit, pose.opacity)
            else:  # what lies over each other fades as one
                bounds = _skia_rect(_grown(unit.bounds, (self._near,) * 4))
                canvas.saveLayerAlpha(bounds, round(pose.opacity * 255))
                self._draw_unit(canvas, unit, 1.0)
                canvas.restore()
            canvas.restore()

    def _draw_unit(self, canvas: "skia.Canvas", unit: _Unit, opacity: float) -> None:
        graphic = self._graphic
        if graphic.highlight is not None:
            paint = skia.Paint(Color=skia_color(graphic.highlight), AntiAlias=True)
            for area in unit.ground:
                canvas.drawRect(_skia_rect(area), paint)
        if graphic.outline is not None:
            paint = skia.Paint(Color=skia_color(graphic.outline.color), AntiAlias=True)
            _line_of(paint, 2 * graphic.outline.width_px)
            canvas.drawPath(unit.path, paint)
            canvas.drawPath(unit.lines, paint)
        paint = skia.Paint(Color=skia_color(graphic.letters.color), AntiAlias=True)
        if graphic.gradient is not None:
            paint.setColor(0xFF000000)
            paint.setShader(self._shader(graphic.gradient))
        paint.setAlphaf(paint.getAlphaf() * opacity)
        canvas.drawPath(unit.path, paint)
        canvas.drawPath(unit.lines, paint)
        if unit.pictures:
            self._draw_pictures(canvas, unit, opacity)

    def _draw_pictures(self, canvas: "skia.Canvas", unit: _Unit, opacity: float) -> None:
        """Draw what has colours of its own, at the letters' opacity."""
        share = opacity * self._graphic.letters.color.a / 255
        paint = skia.Paint(Alphaf=share, AntiAlias=True)
        baselines = {
            (cluster.start, cluster.stop): line.baseline
            for line in self._set.block.lines
            for cluster in line.clusters
        }
        for cluster in unit.pictures:
            y = self._set.top + baselines[cluster.start, cluster.stop]
            builder = skia.TextBlobBuilder()
            glyphs = [glyph for glyph, _, _ in cluster.glyphs]
            places = [skia.Point(right, down) for _, right, down in cluster.glyphs]
            builder.allocRunPos(cluster.face.font(cluster.size_px), glyphs, places)
            blob = builder.make()
            if blob is not None:
                canvas.drawTextBlob(blob, cluster.left, y, paint)

    def _shader(self, gradient: Gradient) -> "skia.Shader":
        area = self._text_rect()
        x, y = area.left + area.width / 2, area.top + area.height / 2
        colors = [skia_color(color) for _, color in gradient.stops]
        places = [place for place, _ in gradient.stops]
        if gradient.kind == "radial":
            radius = max(1.0, (area.width**2 + area.height**2) ** 0.5 / 2)
            return skia.GradientShader.MakeRadial(skia.Point(x, y), radius, colors, places)
        way = (cos(radians(gradient.angle)), sin(radians(gradient.angle)))
        # Long enough that the corners have the outermost colours, as in CSS.
        half = (abs(way[0]) * area.width + abs(way[1]) * area.height) / 2 or 1.0
        ends = [skia.Point(x + side * way[0] * half, y + side * way[1] * half) for side in (-1, 1)]
        return skia.GradientShader.MakeLinear(ends, colors, places)

    def _text_rect(self) -> Rect:
        block = self._set.block
        return Rect(
            self._set.left + block.left,
            self._set.top,
            max(1.0, block.right - block.left),
            max(1.0, block.height),
        )

    def _plate_rect(self) -> Rect | None:
        graphic = self._graphic
        plate = graphic.plate
        if plate.color is None and plate.border is None:
            return None
        if not plate.wraps:
            return Rect.of(graphic.box)
        if not graphic.text.strip():
            return None
        edge = plate.padding_px + (plate.border.width_px if plate.border else 0.0)
        return _grown(self._text_rect(), (edge, edge, edge, edge))

    def _draw_plate(self, canvas: "skia.Canvas") -> None:
        area, plate = self._plate_rect(), self._graphic.plate
        if area is None:
            return
        if plate.color is not None:
            paint = skia.Paint(Color=skia_color(plate.color), AntiAlias=True)
            canvas.drawRoundRect(_skia_rect(area), plate.radius_px, plate.radius_px, paint)
        if plate.border is not None:
            width = plate.border.width_px
            paint = skia.Paint(Color=skia_color(plate.border.color), AntiAlias=True)
            paint.setStyle(skia.Paint.kStroke_Style)
            paint.setStrokeWidth(width)
            inner = _grown(area, (-width / 2,) * 4)
            radius = max(0.0, plate.radius_px - width / 2)
            canvas.drawRoundRect(_skia_rect(inner), radius, radius, paint)


def lettering_drawing(graphic: Lettering, phase: Phase, pool: FramePool) -> LetteringDrawing:
    """Return a lettering at a phase; the layout is shared by all its phases."""
    return LetteringDrawing(graphic, phase, pool.path)


def _choice(graphic: Lettering, path_of: Callable[[str], Path]) -> FontChoice:
    letters = graphic.letters
    path = None if letters.source is None else path_of(letters.source)
    return FontChoice(letters.family, letters.weight, letters.is_italic, path)


@lru_cache(maxsize=BLOCKS_KEPT)
def _set(graphic: Lettering, choice: FontChoice) -> _Set:
    padding = graphic.padding
    room = graphic.box.height - padding.top - padding.bottom
    block = lay_out(
        [(graphic.text, setting_of(graphic, choice))],
        max(1.0, graphic.box.width - padding.left - padding.right),
        graphic.horizontal,
        room=room,
        ellipsis=graphic.ellipsis,
    )
    share = {"top": 0.0, "center": 0.5, "bottom": 1.0}[graphic.vertical]
    right, down = graphic.shift
    edges = 2 * graphic.plate.padding_px if graphic.plate.wraps else 0.0
    right += graphic.shift_blocks[0] * (block.right - block.left + edges)
    down += graphic.shift_blocks[1] * (block.height + edges)
    top = padding.top + (room - block.height) * share + down
    return _Set(block, padding.left + right, top, _units(graphic, block))


def _units(graphic: Lettering, block: Block) -> tuple[tuple[tuple[Line, Cluster], ...], ...]:
    """Return what appears one after the other: clusters, words, or all at once."""
    pairs = sorted(
        ((line, cluster) for line in block.lines for cluster in line.clusters),
        key=lambda pair: pair[1].start,
    )
    appearing = graphic.appearing
    if appearing is None or appearing.by == "line":
        return (tuple(pairs),) if pairs else ()
    if appearing.by == "character":
        return tuple((pair,) for pair in pairs)
    words: list[list[tuple[Line, Cluster]]] = []
    is_new = True
    for line, cluster in pairs:
        is_space = block.text[cluster.start : cluster.stop].isspace()
        if is_new or not words or (words[-1][-1][0] is not line):
            words.append([])
        words[-1].append((line, cluster))
        is_new = is_space
    return tuple(tuple(word) for word in words)


def _joined(areas: Sequence[Rect]) -> Iterator[Rect]:
    """Yield areas, those that touch on one line as one: two edges on one pixel make a seam."""
    last: Rect | None = None
    for area in sorted(areas, key=lambda each: (each.top, each.left)):
        if last is not None and last.top == area.top and abs(last.right - area.left) < 0.01:
            last = Rect(last.left, last.top, area.right - last.left, last.height)
            continue
        if last is not None:
            yield last
        last = area
    if last is not None:
        yield last


def _hangs(line: Line, cluster: Cluster) -> bool:
    """Tell whether a cluster is a space beyond its line's end."""
    return not line.left - 0.01 <= cluster.left < line.left + line.width - 0.01


def _line_of(paint: "skia.Paint", width: float) -> None:
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeJoin(skia.Paint.kRound_Join)


def _shadow_paint(shadow: Shadow, sigma: float) -> "skia.Paint":
    made = skia.ImageFilters.DropShadowOnly(
        shadow.x_px, shadow.y_px, sigma, sigma, skia_color(shadow.color)
    )
    return skia.Paint(ImageFilter=made)


def _moved(area: Rect, pose: Pose, graphic: Lettering) -> Rect:
    size = graphic.letters.size_px
    return Rect(area.left + pose.x * size, area.top + pose.y * size, area.width, area.height)


def _union(areas: Sequence[Rect]) -> Rect:
    if not areas:
        return Rect(0.0, 0.0, 0.0, 0.0)
    left, top = min(area.left for area in areas), min(area.top for area in areas)
    right, bottom = max(area.right for area in areas), max(area.bottom for area in areas)
    return Rect(left, top, right - left, bottom - top)


def _grown(area: Rect, by: tuple[float, float, float, float]) -> Rect:
    width, height = area.width + by[0] + by[2], area.height + by[1] + by[3]
    return Rect(area.left - by[0], area.top - by[1], max(0.0, width), max(0.0, height))


def _within(area: Rect, box: Rect) -> Rect:
    left, top = max(box.left, area.left), max(box.top, area.top)
    right, bottom = min(box.right, area.right), min(box.bottom, area.bottom)
    return Rect(left, top, max(0.0, right - left), max(0.0, bottom - top))


def _rect_of(rect: "skia.Rect") -> Rect:
    return Rect(rect.left(), rect.top(), rect.width(), rect.height())


def _skia_rect(rect: Rect) -> "skia.Rect":
    return skia.Rect.MakeLTRB(rect.left, rect.top, rect.right, rect.bottom)
