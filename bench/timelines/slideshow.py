"""Photographs with camera moves, cross-faded, each with its caption, and music."""

from timelines.headline import ZOOM_IN, ZOOM_OUT, camera
from timelines.model import (
    FADE_S,
    FPS,
    WIDE,
    Case,
    Desk,
    Edit,
    Graph,
    clip,
    edit,
    image,
    text,
    tween,
)

PART_S = 4.0


def case(desk: Desk) -> Case:
    """Return the case: as many photographs as there is time for, three in turn."""
    count = max(2, round((desk.seconds - FADE_S) / (PART_S - FADE_S)))
    seconds = count * (PART_S - FADE_S) + FADE_S
    photos = [desk.picture(f"photo{n % 3}") for n in range(count)]
    captions = [_caption(n) for n in range(count)]
    tracks = [captions] + [
        [
            clip(
                image(path),
                n * (PART_S - FADE_S),
                PART_S,
                scale=tween(*_zoom(n), PART_S),
                **({"transition": {"out": "fade"}} if n + 1 < count else {}),
            )
        ]
        for n, path in enumerate(photos)
    ]
    music = desk.music()
    return Case(
        "slideshow",
        "photographs with camera moves, cross-fades, a caption each, music",
        seconds,
        edit(tracks, music=music),
        _graph(desk, captions).command(seconds, music=music),
        film="slideshow",
        given={
            "photos": [str(path) for path in photos],
            "captions": [desk.title(one, WIDE).told() for one in captions],
            "part_s": PART_S,
            "music": str(music),
        },
    )


def _zoom(number: int) -> tuple[float, float]:
    return ZOOM_OUT if number % 2 else ZOOM_IN


def _caption(number: int) -> Edit:
    return clip(
        text(f"Evening number {number + 1}", 64, (900, 110)),
        number * (PART_S - FADE_S) + FADE_S,
        PART_S - 2 * FADE_S,
        position="bottom",
        offset={"y": 0.08},
    )


def _graph(desk: Desk, captions: list[Edit]) -> Graph:
    graph, frames, last = Graph(), round(PART_S * FPS), ""
    for number in range(len(captions)):
        source = graph.read(desk.picture(f"photo{number % 3}"))
        graph.chain(f"[{source}:v]{camera(_zoom(number), frames)}[p{number}]")
        if number:
            offset = number * (PART_S - FADE_S)
            graph.chain(
                f"[{last}][p{number}]xfade=fade:duration={FADE_S}:offset={offset}[x{number}]"
            )
        last = f"x{number}" if number else "p0"
    for number, caption in enumerate(captions):
        above = "v" if number + 1 == len(captions) else f"c{number}"
        stop = caption["start"] + caption["length"]
        when = f"gte(t,{caption['start']})*lt(t,{stop})"
        graph.lay(last, desk.title(caption, WIDE), above, when=when)
        last = above
    return graph
