"""A stretch cut out of one video, against encoding it again: nothing is laid over it."""

from timelines.model import FPS, Case, Desk, Graph, Read, clip, edit, video


def at_keyframe(desk: Desk) -> Case:
    """Return a cut that begins and ends on keyframes of the source."""
    return _cut(desk, "cut-gop", "a cut from keyframe to keyframe", 2.0)


def within_gop(desk: Desk) -> Case:
    """Return a cut that begins and ends between keyframes."""
    return _cut(desk, "cut-mid", "a cut that begins and ends between keyframes", 1.5)


def _cut(desk: Desk, name: str, says: str, trim: float) -> Case:
    seconds = float(round(desk.seconds / 2) * 2)
    source = desk.video("a", seconds + 2)
    graph = Graph()
    graph.chain(f"[{graph.read(source, '-ss', str(trim))}:v]setpts=PTS-STARTPTS[v]")
    first = round(trim * FPS)
    return Case(
        name,
        says,
        seconds,
        edit([[clip(video(source, trim), 0, seconds)]]),
        graph.command(seconds),
        reads=(Read(source, first, first + round(seconds * FPS)),),
    )
