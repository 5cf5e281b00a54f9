"""Two videos, two photographs with camera moves, cross-fades, a moving title, a logo, music."""

from dataclasses import dataclass
from pathlib import Path

from timelines.model import (
    BT709,
    FADE_S,
    FPS,
    WIDE,
    Case,
    Desk,
    Edit,
    Graph,
    Read,
    clip,
    edit,
    image,
    text,
    tween,
    video,
)

MOVE_PX = 96
"""How far the title travels, to the right."""

ZOOM_IN, ZOOM_OUT = (1.0, 1.2), (1.25, 1.05)


@dataclass(frozen=True, slots=True)
class Parts:
    """What both sides are made of. Units: `part_s` is how long each of the four is shown."""

    a: Path
    b: Path
    photos: tuple[Path, Path]
    logo: Edit
    title: Edit
    part_s: float

    def start(self, number: int) -> float:
        """Return when a part begins: while the one before is fading."""
        return number * (self.part_s - FADE_S)


def case(desk: Desk) -> Case:
    """Return the case; its variants have another title."""
    part_s = round((desk.seconds + 3 * FADE_S) / 4 * FPS) / FPS
    seconds = 4 * part_s - 3 * FADE_S
    parts = Parts(
        desk.video("a", part_s + 1),
        desk.video("b", part_s + 1),
        (desk.picture("photo0"), desk.picture("photo1")),
        clip(
            image(desk.picture("logo")),
            0,
            seconds,
            fit="none",
            position="topRight",
            offset={"x": -0.02, "y": -0.03},
        ),
        _title("A moving title", seconds),
        part_s,
    )
    music = desk.music()
    frames = round(part_s * FPS)
    return Case(
        "headline",
        "two videos, two camera moves over photographs, cross-fades, a moving title, logo, music",
        seconds,
        _edit(parts, music, parts.title),
        _graph(desk, parts, music).command(seconds, music=music),
        reads=(Read(parts.a, 0, frames), Read(parts.b, 0, frames)),
        variants=tuple(
            _edit(parts, music, _title(f"Another title, number {n}", seconds))
            for n in range(desk.variants)
        ),
        film="headline",
        given={
            "videos": [str(parts.a), str(parts.b)],
            "photos": [str(path) for path in parts.photos],
            "logo": desk.title(parts.logo, WIDE).told(),
            "title": desk.title(parts.title, WIDE).told(),
            "title_start": 1.0,
            "title_length": parts.title["length"],
            "move_px": MOVE_PX,
            "part_s": part_s,
            "music": str(music),
        },
    )


def _title(words: str, seconds: float) -> Edit:
    length = round(seconds * 0.4 * FPS) / FPS
    return clip(
        text(words, 96, (1100, 160)),
        1,
        length,
        position="bottomLeft",
        offset={"x": tween(0.02, 0.02 + MOVE_PX / WIDE[0], length), "y": 0.1},
        transition={"in": "fade", "out": "fade"},
    )


def _edit(parts: Parts, music: Path, title: Edit) -> Edit:
    length = parts.part_s
    fading = {"out": "fade"}
    zoom_in, zoom_out = tween(*ZOOM_IN, length), tween(*ZOOM_OUT, length)
    first, second = (image(path) for path in parts.photos)
    return edit(
        [
            [parts.logo],
            [title],
            [clip(video(parts.a), parts.start(0), length, transition=fading)],
            [clip(first, parts.start(1), length, scale=zoom_in, transition=fading)],
            [clip(second, parts.start(2), length, scale=zoom_out, transition=fading)],
            [clip(video(parts.b), parts.start(3), length)],
        ],
        music=music,
    )


def _graph(desk: Desk, parts: Parts, music: Path) -> Graph:
    graph, frames, length = Graph(), round(parts.part_s * FPS), parts.part_s
    graph.chain(f"[{graph.read(parts.a)}:v]trim=end_frame={frames},settb=1/{FPS}[p0]")
    for number, (path, zoom) in enumerate(
        zip(parts.photos, (ZOOM_IN, ZOOM_OUT), strict=True), start=1
    ):
        graph.chain(f"[{graph.read(path)}:v]{camera(zoom, frames)}[p{number}]")
    graph.chain(f"[{graph.read(parts.b)}:v]trim=end_frame={frames},settb=1/{FPS}[p3]")
    last = "p0"
    for number in range(1, 4):
        fade = f"xfade=fade:duration={FADE_S}:offset={number * (length - FADE_S):.4f}"
        graph.chain(f"[{last}][p{number}]{fade}[x{number}]")
        last = f"x{number}"
    title = desk.title(parts.title, WIDE)
    shown_s = parts.title["length"]
    number = graph.read(title.path)
    graph.chain(
        f"[{number}:v]{BT709},format=yuva420p,loop=-1:1,fps={FPS},trim=duration={shown_s},"
        f"fade=in:d={FADE_S}:alpha=1,fade=out:st={shown_s - FADE_S}:d={FADE_S}:alpha=1,"
        "setpts=PTS+1/TB[t]"
    )
    moving = f"x='{title.x}+{MOVE_PX}*(t-1)/{shown_s}':y={title.y}:eof_action=pass"
    graph.chain(f"[{last}][t]overlay={moving}[titled]")
    graph.lay("titled", desk.title(parts.logo, WIDE), "v")
    return graph


def camera(zoom: tuple[float, float], frames: int) -> str:
    """Return the filters that move into or out of a 3:2 photograph, converted once."""
    first, last = zoom
    factor = f"{first}+{last - first:.4f}*on/{frames}"
    centre = "x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'"
    size = f"{WIDE[0]}x{WIDE[1]}"
    return (
        f"crop=iw:iw*9/16,{BT709},format=yuv420p,"
        f"zoompan=z='{factor}':{centre}:d={frames}:s={size}:fps={FPS},settb=1/{FPS}"
    )
