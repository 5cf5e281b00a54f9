"""One speaker's video throughout, a logo, two lower thirds: most of what business renders are."""

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
    video,
)

NAMES = ("Marta Oyelaran, Lisbon", "The harbour at night")


def case(desk: Desk) -> Case:
    """Return the case."""
    seconds = desk.seconds
    speaker, music = desk.video("a", seconds), desk.music()
    logo = clip(
        image(desk.picture("logo")),
        0,
        seconds,
        fit="none",
        position="topRight",
        offset={"x": -0.02, "y": -0.03},
    )
    shown_s = seconds / 2 - 1
    thirds = [_third(words, 0.5 + n * seconds / 2, shown_s) for n, words in enumerate(NAMES)]
    return Case(
        "talk",
        "one video throughout, a logo, two lower thirds that fade in and out",
        seconds,
        edit([[logo], thirds, [clip(video(speaker), 0, seconds)]], music=music),
        _graph(desk, logo, thirds).command(seconds, music=music),
        reads=(Read(speaker, 0, round(seconds * FPS)),),
        film="talk",
        given={
            "video": str(speaker),
            "seconds": seconds,
            "logo": desk.title(logo, WIDE).told(),
            "thirds": [
                {**desk.title(third, WIDE).told(), "start": third["start"], "length": shown_s}
                for third in thirds
            ],
            "music": str(music),
        },
    )


def _third(words: str, start: float, length: float) -> Edit:
    return clip(
        text(words, 52, (900, 110), background={"color": "#10182f", "borderRadius": 12}),
        start,
        length,
        position="bottomLeft",
        offset={"x": 0.05, "y": 0.1},
        transition={"in": "fade", "out": "fade"},
    )


def _graph(desk: Desk, logo: Edit, thirds: list[Edit]) -> Graph:
    graph = Graph()
    below = f"{graph.read(desk.video('a', desk.seconds))}:v"
    for number, third in enumerate(thirds):
        drawn, start, length = desk.title(third, WIDE), third["start"], third["length"]
        graph.chain(
            f"[{graph.read(drawn.path)}:v]{BT709},format=yuva420p,loop=-1:1,fps={FPS},"
            f"trim=duration={length},fade=in:d={FADE_S}:alpha=1,"
            f"fade=out:st={length - FADE_S}:d={FADE_S}:alpha=1,setpts=PTS+{start}/TB[t{number}]"
        )
        place = f"overlay={drawn.x}:{drawn.y}:eof_action=pass"
        graph.chain(f"[{below}][t{number}]{place}[l{number}]")
        below = f"l{number}"
    graph.lay(below, desk.title(logo, WIDE), "v")
    return graph
