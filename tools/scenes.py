"""Pictures for the gallery: drawn, never downloaded. Flat shapes and soft light compress well."""

from collections.abc import Callable, Sequence
from math import cos, pi, sin

import numpy as np
import skia
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
SIZE = (1280, 720)


def picture(
    draw: Callable[[skia.Canvas], None], size: tuple[int, int] = SIZE, *, scale: float = 1
) -> Pixels:
    """Return what `draw` leaves. Shapes: (height, width, 4) uint8, RGBA, straight alpha."""
    surface = skia.Surface(*(round(side * scale) for side in size))
    surface.getCanvas().scale(scale, scale)
    draw(surface.getCanvas())
    image = surface.makeImageSnapshot()
    return np.ascontiguousarray(
        image.toarray(colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kUnpremul_AlphaType)
    )


def hills(canvas: skia.Canvas, time: float = 0.0) -> None:
    """Ridges in morning mist, the sun behind them; `time` (0..1) lets the sun rise."""
    _fill(canvas, ("#f7c59f", "#f2a07b", "#5d6a9c", "#233056"), upward=True)
    _glow(canvas, (880, 430 - 160 * time), 420, "#ffe9c4", 0.9)
    canvas.drawCircle(880, 430 - 160 * time, 62, _paint("#fff4dc"))
    tints = ("#8d7fa5", "#665c8a", "#443f6c", "#28294d", "#161a33")
    for depth, tint in enumerate(tints):
        path = skia.Path()
        path.moveTo(0, 720)
        for x in range(0, 1281, 8):
            ridge = sin(x / (190 - 18 * depth) + depth * 1.9) * 34
            ridge += sin(x / (71 - 6 * depth) + depth * 4.1) * (10 + 2 * depth)
            path.lineTo(x, 420 + depth * 62 - ridge)
        path.lineTo(1280, 720)
        canvas.drawPath(path, _paint(tint))


def skyline(canvas: skia.Canvas, time: float = 0.0) -> None:
    """A city at blue hour; `time` moves the near row of houses a little."""
    _fill(canvas, ("#0d1633", "#263a6b", "#8a6d9e", "#f0a48b"))
    _glow(canvas, (400, 640), 560, "#ffc49a", 0.55)
    chance = np.random.default_rng(5)
    for depth, (tint, low) in enumerate((("#4a4f86", 300), ("#2b3263", 250), ("#141a38", 170))):
        x = -120.0 - time * 60 * (depth + 1)
        while x < 1340:
            width, height = chance.uniform(60, 130), chance.uniform(0.5, 1.25) * low
            top = 720 - height
            canvas.drawRect(skia.Rect.MakeXYWH(x, top, width + 1, height), _paint(tint))
            if depth:
                _windows(canvas, (x, top, width, height), chance, depth)
            x += width + chance.uniform(0, 26) * (depth == 1)


def bokeh(canvas: skia.Canvas, time: float = 0.0) -> None:
    """Lights out of focus on a dark ground."""
    _fill(canvas, ("#1b1030", "#2d1637", "#4a1d3a"))
    chance = np.random.default_rng(11)
    for number in range(34):
        x, y = chance.uniform(0, 1280), chance.uniform(120, 720)
        radius = chance.uniform(22, 84)
        tint = ("#ffb86b", "#ff7a90", "#ffd9a0", "#c77dff")[number % 4]
        shift = 40 * sin(2 * pi * (time + number / 7))
        canvas.drawCircle(x, y - shift, radius, _paint(tint, chance.uniform(0.08, 0.32)))
        edge = _paint(tint, 0.25)
        edge.setStyle(skia.Paint.kStroke_Style)
        edge.setStrokeWidth(2)
        canvas.drawCircle(x, y - shift, radius, edge)


def house(canvas: skia.Canvas) -> None:
    """A low modern house by a pool, at dusk."""
    _fill(canvas, ("#21385e", "#6a7fa8", "#f3c6a5"))
    _box(canvas, (0, 470, 1280, 250), "#3d5a4c")
    _box(canvas, (210, 250, 620, 26), "#f4efe8")
    _box(canvas, (240, 276, 560, 200), "#e6ddd1")
    _box(canvas, (640, 300, 430, 22), "#f4efe8")
    _box(canvas, (660, 322, 390, 154), "#b98b66")
    for x in range(270, 620, 118):
        _box(canvas, (x, 306, 102, 170), "#ffe2ad")
        _box(canvas, (x + 49, 306, 4, 170), "#6d5c4c")
    _box(canvas, (720, 352, 270, 90), "#ffd793")
    _box(canvas, (853, 352, 4, 90), "#6d5c4c")
    for x, size in ((120, 74), (1130, 96), (1200, 64)):
        _box(canvas, (x - 5, 380, 10, 100), "#3b2f2a")
        canvas.drawCircle(x, 370, size, _paint("#27463b"))
        canvas.drawCircle(x + size * 0.25, 350, size * 0.7, _paint("#2f5547"))
    _box(canvas, (0, 476, 1280, 22), "#d9cdbf")
    _box(canvas, (180, 540, 860, 110), "#4fa3b5")
    _box(canvas, (180, 540, 860, 8), "#d9f1f4")
    for x in range(290, 600, 118):
        _box(canvas, (x, 556, 80, 5), "#bfe4ea")


def lounge(canvas: skia.Canvas) -> None:
    """A bright living room with a wide window."""
    _fill(canvas, ("#f3ede4", "#e9dfd2"))
    _box(canvas, (0, 560, 1280, 160), "#c9a98a")
    _box(canvas, (120, 90, 560, 340), "#fffaf2")
    canvas.save()
    canvas.clipRect(skia.Rect.MakeXYWH(134, 104, 532, 312))
    canvas.translate(60, 20)
    canvas.scale(0.55, 0.55)
    hills(canvas)
    canvas.restore()
    _box(canvas, (396, 104, 8, 312), "#fffaf2")
    _round(canvas, (330, 430, 560, 130), "#56706b", 26)
    _round(canvas, (300, 470, 90, 110), "#4a625e", 26)
    _round(canvas, (830, 470, 90, 110), "#4a625e", 26)
    _round(canvas, (340, 510, 540, 76), "#64817b", 18)
    _round(canvas, (420, 446, 110, 84), "#e3a977", 16)
    _round(canvas, (700, 446, 110, 84), "#f0e2cf", 16)
    _box(canvas, (1040, 250, 6, 330), "#4a4038")
    _glow(canvas, (1043, 230), 180, "#ffe7b5", 0.7)
    _round(canvas, (983, 180, 120, 84), "#fff3d6", 10)
    _round(canvas, (440, 620, 360, 24), "#8b6a4f", 12)
    _round(canvas, (760, 130, 150, 190), "#d7795b", 2)
    canvas.drawCircle(835, 225, 46, _paint("#f4d6b8"))


def kitchen(canvas: skia.Canvas) -> None:
    """A kitchen in green and brass."""
    _fill(canvas, ("#ece7df", "#ddd5c9"))
    _box(canvas, (0, 600, 1280, 120), "#b9936f")
    for x in range(80, 1200, 190):
        _round(canvas, (x, 60, 180, 170), "#42594f", 4)
        _round(canvas, (x, 400, 180, 210), "#4b655a", 4)
        _box(canvas, (x + 70, 206, 40, 5), "#d6b06a")
        _box(canvas, (x + 70, 420, 40, 5), "#d6b06a")
    _box(canvas, (60, 372, 1180, 28), "#fbf8f3")
    _box(canvas, (60, 230, 1180, 142), "#f6f1e8")
    for x in (340, 640, 940):
        _glow(canvas, (x, 190), 130, "#ffe6b0", 0.85)
        _box(canvas, (x - 1, 0, 3, 130), "#4a4038")
        _round(canvas, (x - 42, 130, 84, 44), "#d6b06a", 20)
    _round(canvas, (560, 330, 70, 42), "#e2764f", 8)
    _round(canvas, (850, 300, 30, 72), "#7fa6a0", 8)
    canvas.drawCircle(865, 280, 34, _paint("#4c7a56"))


def bottle(canvas: skia.Canvas) -> None:
    """A bottle of scent on nothing: what a shop would cut out. 480 × 720, with alpha."""
    shape = skia.Rect.MakeXYWH(90, 250, 300, 400)
    colors = [_color(name) for name in ("#ffd8b8", "#f2966b", "#c8553d", "#f0a27f")]
    glass = skia.Paint(AntiAlias=True)
    points = [skia.Point(90, 0), skia.Point(390, 0)]
    glass.setShader(skia.GradientShader.MakeLinear(points, colors, [0, 0.35, 0.8, 1]))
    canvas.drawRoundRect(shape, 46, 46, glass)
    _round(canvas, (195, 196, 90, 60), "#e9dccd", 8)
    _round(canvas, (165, 70, 150, 134), "#23202b", 14)
    _round(canvas, (180, 82, 16, 110), "#4b4656", 8)
    _round(canvas, (118, 284, 20, 330), "#fff2e6", 10, 0.65)
    _round(canvas, (150, 400, 180, 150), "#fff7ef", 6)
    _box(canvas, (180, 440, 120, 10), "#23202b")
    _box(canvas, (205, 466, 70, 5), "#8a7f86")
    canvas.drawCircle(240, 510, 13, _paint("#c8553d"))


def screen(canvas: skia.Canvas, time: float = 0.0) -> None:
    """A program's window: what a tutorial shows; `time` moves its pointer."""
    _fill(canvas, ("#eef1f6", "#e3e8f0"))
    _box(canvas, (0, 0, 240, 720), "#1f2a44")
    for row in range(6):
        tint = "#4f7cff" if row == 1 else "#34425f"
        _round(canvas, (24, 110 + row * 58, 192, 38), tint, 8)
    _round(canvas, (24, 32, 120, 28), "#ffffff", 6, 0.9)
    for column in range(3):
        _round(canvas, (280 + column * 320, 40, 290, 130), "#ffffff", 14)
        _round(canvas, (304 + column * 320, 64, 90, 14), "#b6c0d2", 7)
        _round(canvas, (304 + column * 320, 98, 150, 34), "#1f2a44", 8)
    _round(canvas, (280, 200, 930, 470), "#ffffff", 14)
    for bar in range(11):
        height = 90 + 220 * abs(sin(bar * 0.7 + 0.6))
        tint = "#4f7cff" if bar == 6 else "#b9c9f7"
        _round(canvas, (330 + bar * 78, 620 - height, 44, height), tint, 8)
    x, y = 560 + 240 * time, 380 - 40 * sin(pi * time)
    arrow = [(0, 0), (0, 46), (11, 36), (20, 56), (29, 52), (20, 32), (34, 32)]
    path = skia.Path()
    path.addPoly([skia.Point(x + dx, y + dy) for dx, dy in arrow], True)
    canvas.drawPath(path, _paint("#11151f"))


def speaker(canvas: skia.Canvas, time: float = 0.0, ground: str = "#00b140") -> None:
    """Somebody before a screen of one colour, nodding."""
    canvas.clear(_color(ground))
    sway = 10 * sin(2 * pi * time)
    _round(canvas, (400, 470, 480, 420), "#31466f", 150)
    _round(canvas, (590 + sway / 2, 400, 100, 120), "#d9a07c", 30)
    canvas.drawOval(skia.Rect.MakeXYWH(520 + sway, 150, 240, 300), _paint("#eab892"))
    hair = skia.Path()
    hair.addArc(skia.Rect.MakeXYWH(506 + sway, 124, 268, 280), 175, 190)
    canvas.drawPath(hair, _paint("#3b2a2f"))
    for side in (-1, 1):
        canvas.drawCircle(640 + sway + side * 48, 300, 11, _paint("#2a2230"))
    mouth = 8 + 14 * abs(sin(6 * pi * time))
    canvas.drawOval(skia.Rect.MakeXYWH(606 + sway, 368, 68, mouth), _paint("#8e3b3b"))


def sweep(canvas: skia.Canvas, time: float = 0.0) -> None:
    """A luma matte: white (see-through) goes across at a slant."""
    edge = -500 + 2300 * time
    points = [skia.Point(edge, 0), skia.Point(edge + 330, 130)]
    paint = skia.Paint()
    colors = [skia.ColorWHITE, skia.ColorBLACK]
    paint.setShader(skia.GradientShader.MakeLinear(points, colors))
    canvas.drawPaint(paint)


def iris(canvas: skia.Canvas) -> None:
    """A luma matte: black (shown) in a soft round, white around it."""
    paint = skia.Paint()
    colors = [skia.ColorBLACK, skia.ColorBLACK, skia.ColorWHITE]
    shader = skia.GradientShader.MakeRadial(skia.Point(640, 360), 340, colors, [0, 0.85, 1])
    paint.setShader(shader)
    canvas.drawPaint(paint)


def swatches(canvas: skia.Canvas) -> None:
    """Eight hues side by side, light above and dark below: what a blend is judged by."""
    for number in range(8):
        angle = 2 * pi * number / 8
        rgb = (int(255 * (0.5 + 0.45 * cos(angle - turn))) for turn in (0, 2.1, 4.2))
        canvas.drawRect(
            skia.Rect.MakeXYWH(number * 160, 0, 160, 720), skia.Paint(Color=skia.Color(*rgb))
        )
    shade = skia.Paint()
    points = [skia.Point(0, 0), skia.Point(0, 720)]
    ends = [skia.Color(255, 255, 255, 200), skia.Color(128, 128, 128, 0), skia.Color(0, 0, 0, 220)]
    shade.setShader(skia.GradientShader.MakeLinear(points, ends))
    canvas.drawPaint(shade)


# ── brushes ─────────────────────────────────────────────────────────────────────────────────


def _color(name: str, alpha: float = 1) -> int:
    red, green, blue = (int(name[at : at + 2], 16) for at in (1, 3, 5))
    return int(skia.Color(red, green, blue, round(255 * alpha)))


def _paint(name: str, alpha: float = 1) -> skia.Paint:
    return skia.Paint(Color=_color(name, alpha), AntiAlias=True)


def _fill(canvas: skia.Canvas, names: Sequence[str], *, upward: bool = False) -> None:
    ends = (720, 0) if upward else (0, 720)
    paint = skia.Paint()
    points = [skia.Point(0, ends[0]), skia.Point(0, ends[1])]
    paint.setShader(skia.GradientShader.MakeLinear(points, [_color(name) for name in names]))
    canvas.drawPaint(paint)


def _glow(
    canvas: skia.Canvas, at: tuple[float, float], radius: float, name: str, alpha: float
) -> None:
    paint = skia.Paint(AntiAlias=True)
    colors = [_color(name, alpha), _color(name, 0)]
    paint.setShader(skia.GradientShader.MakeRadial(skia.Point(*at), radius, colors))
    canvas.drawCircle(*at, radius, paint)


def _box(canvas: skia.Canvas, box: tuple[float, float, float, float], name: str) -> None:
    canvas.drawRect(skia.Rect.MakeXYWH(*box), _paint(name))


def _round(
    canvas: skia.Canvas,
    box: tuple[float, float, float, float],
    name: str,
    radius: float,
    alpha: float = 1,
) -> None:
    canvas.drawRoundRect(skia.Rect.MakeXYWH(*box), radius, radius, _paint(name, alpha))


def _windows(
    canvas: skia.Canvas,
    box: tuple[float, float, float, float],
    chance: np.random.Generator,
    depth: int,
) -> None:
    left, top, width, height = box
    for row in range(int(height // 26)):
        for column in range(int(width // 20)):
            if chance.random() < 0.42:
                tint = ("#ffd590", "#ffe9c0", "#f7b267")[int(chance.integers(3))]
                place = (left + 8 + column * 20, top + 12 + row * 26, 8, 12)
                canvas.drawRect(skia.Rect.MakeXYWH(*place), _paint(tint, 0.45 + 0.25 * depth))
