"""A picture with a title, for a long time: nothing moves."""

from timelines.model import BT709, FPS, WIDE, Case, Desk, Graph, clip, edit, image, text


def case(desk: Desk) -> Case:
    """Return the case."""
    seconds, photo = desk.seconds, desk.picture("photo0")
    title = clip(text("A still with a title", 90, (1200, 140)), 0, seconds)
    music, graph = desk.music(), Graph()
    graph.chain(f"[{graph.read(photo)}:v]{BT709},format=yuv420p[p]")
    drawn = desk.title(title, WIDE)
    graph.chain(f"[{graph.read(drawn.path)}:v]{BT709},format=yuva420p[t]")
    scaled = "crop=iw:iw*9/16,scale=1920:1080"
    still = f"loop=-1:1,fps={FPS},trim=duration={seconds}"
    graph.chain(f"[p]{scaled}[s];[s][t]overlay={drawn.x}:{drawn.y},{still}[v]")
    return Case(
        "still",
        "a photograph with a title, standing still",
        seconds,
        edit([[title], [clip(image(photo), 0, seconds)]], music=music),
        graph.command(seconds, music=music),
        film="still",
        given={
            "photo": str(photo),
            "title": drawn.told(),
            "seconds": seconds,
            "music": str(music),
        },
    )


def standing(seconds: float) -> str:
    """Return the filters that show a 3:2 photograph for a time, scaled once."""
    return (
        f"crop=iw:iw*9/16,scale=1920:1080:out_color_matrix=bt709:out_range=tv,format=yuv420p,"
        f"loop=-1:1,fps={FPS},trim=duration={seconds}"
    )
