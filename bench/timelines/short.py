"""A captioned short, upright: a wide video cropped to 9:16, words once a second, a progress bar."""

from timelines.model import (
    BT709,
    FPS,
    TALL,
    Case,
    Desk,
    Edit,
    Graph,
    Read,
    clip,
    edit,
    text,
    tween,
    video,
)

WORDS = ("Wake up early", "walk up the ridge", "and let the sun", "do the rest")
BAR_PX = 16


def case(desk: Desk) -> Case:
    """Return the case."""
    seconds = float(round(desk.seconds))
    source, music = desk.video("a", seconds), desk.music()
    captions = [_caption(n) for n in range(int(seconds))]
    bar = _bar(seconds)
    return Case(
        "short",
        "a wide video cropped to 9:16, a caption every second, a growing bar",
        seconds,
        edit([captions, [bar], [clip(video(source), 0, seconds)]], music=music, tall=True),
        _graph(desk, captions).command(seconds, music=music),
        reads=(Read(source, 0, round(seconds * FPS)),),
        film="short",
        given={
            "video": str(source),
            "seconds": seconds,
            "captions": [desk.title(one, TALL).told() for one in captions],
            "bar_px": BAR_PX,
            "music": str(music),
        },
    )


def _caption(number: int) -> Edit:
    words = WORDS[number % len(WORDS)]
    return clip(text(words, 88, (1000, 140)), number, 1, position="bottom", offset={"y": 0.2})


def _bar(seconds: float) -> Edit:
    box = {"width": TALL[0], "height": BAR_PX}
    shape = {"type": "shape", "shape": "rectangle", **box, "fill": {"color": "#ffd23f"}}
    return clip(
        {**shape, "rectangle": {**box, "cornerRadius": 0}},
        0,
        seconds,
        position="top",
        offset={"x": tween(-1, 0, seconds)},
    )


def _graph(desk: Desk, captions: list[Edit]) -> Graph:
    """Captions as one stream of pictures, laid on once: a chain of overlays costs far more."""
    graph, seconds = Graph(), len(captions)
    graph.chain(f"[{graph.read(desk.video('a', seconds))}:v]crop=ih*9/16:ih,scale=1080:1920[s]")
    drawn = [desk.title(one, TALL) for one in captions]
    left, top = min(one.x for one in drawn), min(one.y for one in drawn)
    right = max(one.x + one.width for one in drawn)
    low = max(one.y + one.height for one in drawn)
    for number, one in enumerate(drawn):
        source = graph.read(one.path)
        pad = f"pad={right - left}:{low - top}:{one.x - left}:{one.y - top}:color=black@0"
        still = f"loop=-1:1,fps={FPS},trim=end_frame={FPS}"
        graph.chain(f"[{source}:v]{pad},{BT709},format=yuva420p,{still}[c{number}]")
    names = "".join(f"[c{number}]" for number in range(seconds))
    graph.chain(f"{names}concat=n={seconds}[c];[s][c]overlay={left}:{top}[captioned]")
    graph.chain(f"color=0xffd23f:s=1080x{BAR_PX}:r={FPS}:d={seconds},format=yuv420p[bar]")
    graph.chain(f"[captioned][bar]overlay=x='-1080+1080*t/{seconds}':y=0[v]")
    return graph
