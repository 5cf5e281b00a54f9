"""A product's advert with a name and a price to be filled in: the same film, many times."""

from pathlib import Path

from timelines.model import (
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
    video,
)
from timelines.still import standing

INTRO_S = 2.0
"""A video opens, then the picture of the product stands still behind its words."""


def case(desk: Desk) -> Case:
    """Return the case; its variants have other names and prices."""
    seconds = desk.seconds
    opening, photo = desk.video("b", INTRO_S), desk.picture("photo2")
    music = desk.music()
    words = _words(0, seconds)
    graph = Graph()
    graph.chain(f"[{graph.read(opening)}:v]trim=duration={INTRO_S}[o]")
    graph.chain(f"[{graph.read(photo)}:v]{standing(seconds - INTRO_S)}[p];[o][p]concat[l0]")
    for number, one in enumerate(words):
        above = "v" if number + 1 == len(words) else f"l{number + 1}"
        when = f"gte(t,{one['start']})"
        graph.lay(f"l{number}", desk.title(one, WIDE), above, when=when)
    return Case(
        "template",
        "a video opens, a still with name and price follows; then with other names and prices",
        seconds,
        _edit(opening, photo, music, words),
        graph.command(seconds, music=music),
        reads=(Read(opening, 0, round(INTRO_S * 30)),),
        variants=tuple(
            _edit(opening, photo, music, _words(n + 1, seconds)) for n in range(desk.variants)
        ),
        film="template",
        given={
            "video": str(opening),
            "photo": str(photo),
            "intro_s": INTRO_S,
            "seconds": seconds,
            "words": [{**desk.title(one, WIDE).told(), "start": one["start"]} for one in words],
            "music": str(music),
        },
    )


def _edit(opening: Path, photo: Path, music: Path, words: list[Edit]) -> Edit:
    seconds = words[0]["start"] + words[0]["length"]
    base = [
        clip(video(opening), 0, INTRO_S),
        clip(image(photo), INTRO_S, seconds - INTRO_S),
    ]
    return edit([[one] for one in words] + [base], music=music)


def _words(number: int, seconds: float) -> list[Edit]:
    name = clip(
        text(f"Fig and amber No. {number}", 90, (1200, 140)),
        INTRO_S,
        seconds - INTRO_S,
        offset={"y": 0.1},
    )
    price = clip(
        text(f"{20 + number}.90", 70, (500, 120)),
        INTRO_S + 1,
        seconds - INTRO_S - 1,
        offset={"y": -0.1},
    )
    return [name, price]
