"""Lottie documents drawn by script: for the gallery and the tests."""

import base64
import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]

STILL = {"x": [0.3], "y": [1.0]}, {"x": [0.4], "y": [0.0]}
"""Handles of an eased keyframe: in and out."""


def value(value: Any) -> Json:
    """Return a property that does not move."""
    return {"a": 0, "k": value}


def moving(*keys: tuple[float, list[float]], is_linear: bool = False) -> Json:
    """Return a property with keyframes: (frame, value)."""
    way_in, way_out = ({"x": [1.0], "y": [1.0]}, {"x": [0.0], "y": [0.0]}) if is_linear else STILL
    return {"a": 1, "k": [{"t": t, "s": s, "i": way_in, "o": way_out} for t, s in keys]}


def placed(x: float, y: float, **properties: Json) -> Json:
    """Return a layer's transform."""
    plain = {"o": value(100), "r": value(0), "a": value([0, 0, 0]), "s": value([100, 100, 100])}
    return {**plain, "p": value([x, y, 0]), **properties}


def layer(kind: int, number: int, ks: Json, **more: Any) -> Json:
    """Return a layer that is there for 1000 frames."""
    times = {"ip": 0, "op": 1000, "st": 0, "sr": 1}
    return {"ty": kind, "ind": number, "nm": f"{number}", "ks": ks, "bm": 0, **times, **more}


def shapes(number: int, ks: Json, *items: Json, **more: Any) -> Json:
    """Return a layer of one group of shapes."""
    still = {"ty": "tr", "p": value([0, 0]), "a": value([0, 0]), "s": value([100, 100])}
    still |= {"r": value(0), "o": value(100), "sk": value(0), "sa": value(0)}
    return layer(4, number, ks, shapes=[{"ty": "gr", "it": [*items, still]}], **more)


def ellipse(width: float, height: float) -> Json:
    """Return an ellipse about the origin."""
    return {"ty": "el", "p": value([0, 0]), "s": value([width, height])}


def path(*corners: tuple[float, float], is_closed: bool = False) -> Json:
    """Return straight lines from corner to corner."""
    flat = [[0, 0] for _ in corners]
    bends = {"c": is_closed, "v": [list(corner) for corner in corners], "i": flat, "o": flat}
    return {"ty": "sh", "ks": value(bends)}


def fill(color: str, opacity: float = 100) -> Json:
    """Return a fill."""
    return {"ty": "fl", "c": value(rgb(color)), "o": value(opacity), "r": 1}


def stroke(color: str, width: float) -> Json:
    """Return a stroke with round ends."""
    return {
        "ty": "st", "c": value(rgb(color)), "o": value(100), "w": value(width), "lc": 2, "lj": 2
    }  # fmt: skip


def trim(*keys: tuple[float, list[float]]) -> Json:
    """Return how far a path is drawn, per cent."""
    return {"ty": "tm", "s": value(0), "e": moving(*keys), "o": value(0), "m": 1}


def text(number: int, ks: Json, words: str, size: float, color: str) -> Json:
    """Return a layer of centred letters in the document's font `main`."""
    said = {"s": size, "f": "main", "t": words, "j": 2, "tr": 0, "lh": size * 1.2, "ls": 0}
    said["fc"] = rgb(color)[:3]
    held = {"d": {"k": [{"s": said, "t": 0}]}, "p": {}, "m": {"g": 1, "a": value([0, 0])}, "a": []}
    return layer(5, number, ks, t=held)


def rgb(color: str) -> list[float]:
    """Return #rrggbb as shares of red, green, blue, and 1."""
    return [*(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)), 1]


def document(width: int, height: int, frames: int, *layers: Json, **more: Any) -> Json:
    """Return a document at 30 frames a second; the first layer stands on top."""
    head = {"v": "5.7.0", "fr": 30, "ip": 0, "op": frames, "w": width, "h": height, "ddd": 0}
    return {**head, "nm": "drawn by script", "assets": [], "layers": list(layers), **more}


def font(family: str, style: str) -> Json:
    """Return the list of one font, called `main`."""
    return {"list": [{"fName": "main", "fFamily": family, "fStyle": style, "ascent": 75}]}


def badge() -> Json:
    """Return a tick that draws itself within a ring, with sparks and a word; then it stands."""
    pop = moving((0, [0, 0, 100]), (12, [112, 112, 100]), (18, [100, 100, 100]))
    sparks = []
    for number in range(8):
        turned = placed(200, 170, r=value(45 * number + 22))
        burst = {"ty": "sh", "ks": path((0, -118), (0, -140))["ks"]}
        ends = {
            "ty": "tm",
            "s": moving((16, [0]), (27, [100])),
            "e": moving((12, [0]), (22, [100])),
        }
        ends |= {"o": value(0), "m": 1}
        color = ("#ffc94d", "#5cc8ff")[number % 2]
        sparks.append(shapes(10 + number, turned, burst, ends, stroke(color, 9)))
    rises = moving((14, [200, 352, 0]), (26, [200, 332, 0]))
    shown = moving((14, [0]), (24, [100]))
    tick = path((-38, 4), (-10, 32), (42, -28))
    return document(
        400, 400, 90,
        text(1, placed(200, 332, p=rises, o=shown), "Order shipped", 40, "#ffffff"),
        shapes(2, placed(200, 170), tick, trim((10, [0]), (22, [100])), stroke("#ffffff", 16)),
        shapes(3, placed(200, 170, s=pop), ellipse(170, 170), fill("#1fb573")),
        shapes(
            4, placed(200, 170), ellipse(206, 206), trim((2, [0]), (20, [100])),
            stroke("#8ce8bf", 8),
        ),
        *sparks,
        fonts=font("Montserrat", "Bold"),
    )  # fmt: skip


def slider() -> Json:
    """Return a half-clear red disc of 40 that slides from x 30 to 170 in frames 0 to 30 of 60."""
    slides = moving((0, [30, 50, 0]), (30, [170, 50, 0]), is_linear=True)
    disc = shapes(1, placed(30, 50, p=slides), ellipse(40, 40), fill("#ff0000", 50))
    return document(200, 100, 60, disc)


def everything(picture: bytes) -> Json:
    """Return a document with one of each of what documents have; `picture` is a PNG."""
    stops = {"p": 2, "k": value([0, 1, 0, 0, 1, 0, 0, 1])}
    ends = {"s": value([0, 0]), "e": value([40, 0])}
    corner = {"ty": "rc", "p": value([0, 0]), "s": moving((0, [20, 20]), (30, [40, 40]))}
    star = {"ty": "sr", "sy": 1, "pt": value(5), "p": value([0, 0]), "r": value(0)}
    star |= {"ir": value(10), "is": value(0), "or": value(20), "os": value(0)}
    copies = {"p": value([20, 0]), "a": value([0, 0]), "s": value([90, 90]), "r": value(10)}
    items = (
        path((0, 0), (40, 0), (40, 40), is_closed=True),
        corner | {"r": value(5)},
        star,
        trim((0, [0]), (30, [100])),
        {"ty": "rd", "r": value(3)},
        {"ty": "pb", "a": value(10)},
        {"ty": "gf", "o": value(100), "r": 1, "t": 1, "g": stops, **ends},
        stroke("#ffff00", 3) | {"d": [{"n": "d", "v": value(4)}, {"n": "g", "v": value(3)}]},
        {"ty": "gs", "o": value(100), "w": value(2), "lc": 1, "lj": 1, "t": 2, "g": stops, **ends},
        {"ty": "rp", "c": value(3), "o": value(0), "m": 1, "tr": {"ty": "tr", **copies}},
        {"ty": "mm", "mm": 1},
        {"ty": "op", "a": value(2), "lj": 1, "ml": 4},
        {"ty": "zz", "s": value(3), "r": value(2), "pt": value(1)},
    )
    turned = placed(50, 50, r=moving((0, [0]), (30, [90])))
    mask = {"inv": False, "mode": "a", "pt": path((0, 0), (90, 0), (90, 90))["ks"]}
    mask |= {"o": value(100), "x": value(0)}
    shadow = {"ty": 25, "ef": [{"ty": 2, "v": value([0, 0, 0, 1])}, {"ty": 0, "v": value(128)}]}
    shadow["ef"] += [{"ty": 0, "v": value(size)} for size in (135, 5, 4)]
    blur = {"ty": 29, "ef": [{"ty": kind, "v": value(size)} for kind, size in ((0, 4), (7, 1))]}
    address = "data:image/png;base64," + base64.b64encode(picture).decode()
    inner = [shapes(1, turned, *items), layer(1, 2, placed(0, 0), sw=30, sh=20, sc="#00ff00")]
    return document(
        120, 100, 60,
        shapes(1, turned, *items, hasMask=True, masksProperties=[mask]),
        layer(0, 2, placed(0, 0), refId="c", w=120, h=100, tt=1, tm=moving((0, [0]), (30, [1]))),
        layer(2, 3, placed(60, 20), refId="i", td=1),
        layer(1, 4, placed(5, 5), sw=10, sh=10, sc="#ff0000", parent=1),
        layer(3, 5, placed(0, 0)),
        text(6, placed(60, 90), "Hé\rx", 20, "#ff00ff"),
        shapes(7, placed(90, 60), ellipse(20, 20), fill("#0000ff"), ef=[shadow, blur]),
        assets=[
            {"id": "i", "w": 4, "h": 4, "u": "", "p": address, "e": 1},
            {"id": "c", "layers": inner},
        ],
        fonts=font("Open Sans", "Bold"),
    )  # fmt: skip


def write(made: Json, target: Path) -> None:
    """Write a document."""
    target.write_text(json.dumps(made), encoding="utf-8")
