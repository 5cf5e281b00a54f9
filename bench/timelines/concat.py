"""Four cuts out of two videos, one after the other: editing in its plainest form."""

from timelines.model import FPS, Case, Desk, Graph, Read, clip, edit, video

TRIMS = (1.5, 2.0, 0.7, 1.0)
"""Where the cuts begin, in seconds: one of four on a keyframe of the source."""


def case(desk: Desk) -> Case:
    """Return the case."""
    part = round(desk.seconds / 4 * FPS)
    length = part / FPS
    paths = [desk.video("ab"[n % 2], length + 2) for n in range(4)]
    clips = [
        clip(video(path, trim), n * length, length)
        for n, (path, trim) in enumerate(zip(paths, TRIMS, strict=True))
    ]
    music, graph = desk.music(), Graph()
    for number, (path, trim) in enumerate(zip(paths, TRIMS, strict=True)):
        source = graph.read(path, "-ss", f"{trim}", "-t", f"{length:.4f}")
        graph.chain(f"[{source}:v]setpts=PTS-STARTPTS[p{number}]")
    graph.chain("[p0][p1][p2][p3]concat=n=4[v]")
    firsts = [round(trim * FPS) for trim in TRIMS]
    return Case(
        "concat",
        "four cuts out of two videos, joined hard",
        4 * length,
        edit([clips], music=music),
        graph.command(4 * length, music=music),
        reads=tuple(
            Read(path, first, first + part) for path, first in zip(paths, firsts, strict=True)
        ),
        film="concat",
        given={
            "parts": [[str(path), trim] for path, trim in zip(paths, TRIMS, strict=True)],
            "part_s": length,
            "music": str(music),
        },
    )
